import type { ServiceFactory } from '../../cloud';
import { sageMakerRights } from './authorization';
import { endpoints } from './endpoints';
import { putStaged } from './events';
import { featureStore } from './feature-store';
import { jobs } from './jobs';
import type { SageMakerModule } from './module';
import { pipelines } from './pipelines';
import { registry } from './registry';
import { TagStore, tags } from './tags';

/** SageMaker's control plane: one service whose nouns are modules. Jobs start first, so that pipelines find their outcomes. */
export const sagemaker: ServiceFactory = (cloud) => {
  const tagStore = new TagStore(cloud);
  const modules: readonly SageMakerModule[] = [
    tags(tagStore),
    jobs(cloud, tagStore),
    pipelines(cloud, tagStore),
    registry(cloud, tagStore),
    endpoints(cloud, tagStore),
    featureStore(cloud, tagStore),
  ];
  return {
    name: 'sagemaker',
    signingNames: ['sagemaker'],
    sdk: '@aws-sdk/client-sagemaker',
    rights: sageMakerRights,
    operations: Object.assign({}, ...modules.map(({ operations }) => operations)) as SageMakerModule['operations'],
    resources: modules.flatMap(({ resources }) => resources ?? []),
    async start() {
      // Once all services have started: rules and their targets are among them.
      cloud.clock.at(cloud.clock.now(), () => putStaged(cloud));
      for (const module of modules) await module.start?.();
    },
    async stop() {
      for (const module of [...modules].reverse()) await module.stop?.();
    },
  };
};
