import type { Cloud } from '../../../cloud';
import type { SageMakerModule } from '../module';
import type { TagStore } from '../tags';
import { Engine } from './engine';
import { executionOperations } from './executions';
import { pipelineOperations } from './operations';
import { PipelineStore } from './records';
import { pipelineResource } from './resources';

/** Pipelines: definitions, and executions that run their steps in the pipeline's role. */
export function pipelines(cloud: Cloud, tagStore: TagStore): SageMakerModule {
  const store = new PipelineStore(cloud);
  const engine = new Engine(cloud, store);
  return {
    operations: { ...pipelineOperations(cloud, store, tagStore), ...executionOperations(cloud, store, engine) },
    resources: [pipelineResource],
    start: () => engine.start(),
    stop: () => engine.stop(),
  };
}
