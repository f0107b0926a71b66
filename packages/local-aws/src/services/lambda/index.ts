import type { ServiceFactory } from '../../cloud';
import { LambdaCompute } from '../../compute/lambda-compute';
import { AsyncQueue } from './async-queue';
import { lambdaRights } from './authorization';
import { CodeStore } from './code';
import { functionOperations } from './functions';
import { invokeOperations } from './invoke';
import { Invoker } from './invoker';
import { MappingRunner } from './mapping-runner';
import { MappingStore } from './mapping-store';
import { mappingOperations } from './mappings';
import { permissionOperations } from './permissions';
import { lambdaResources } from './resources';
import { LambdaStore, parseReference } from './store';
import { versionOperations } from './versions';

/** Lambda: functions from zip archives, run as processes; versions and aliases; synchronous, asynchronous and stream invocations. */
export const lambda: ServiceFactory = (cloud) => {
  const store = new LambdaStore(cloud);
  const code = new CodeStore(cloud);
  const compute = new LambdaCompute(cloud);
  const invoker = new Invoker(cloud, store, code, compute);
  const queue = new AsyncQueue(cloud, store, invoker);
  const mappings = new MappingStore(cloud);
  const runner = new MappingRunner(cloud, store, mappings, invoker);
  return {
    name: 'lambda',
    signingNames: ['lambda'],
    sdk: '@aws-sdk/client-lambda',
    rights: lambdaRights(mappings),
    guard: (arn) => store.guard(arn),
    operations: {
      ...functionOperations({ cloud, store, code, compute }),
      ...versionOperations(cloud, store),
      ...permissionOperations(store),
      ...invokeOperations(cloud, store, invoker, queue),
      ...mappingOperations(cloud, store, mappings, runner),
    },
    resources: lambdaResources,
    async start() {
      queue.start();
      for (const mapping of mappings.all()) await runner.start(mapping);
    },
    processes: { operation: 'Invoke', kill: (resource) => compute.killBusy(parseReference(resource).name) },
    async stop() {
      queue.stop();
      runner.stopAll();
      compute.stop();
      await invoker.metrics.flush();
    },
  };
};
