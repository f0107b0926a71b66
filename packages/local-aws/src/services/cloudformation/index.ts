import type { Cloud, ResourceType, Service } from '../../cloud';
import { cloudFormationRights } from './authorization';
import { ChangeSets } from './change-sets';
import { CustomResources } from './custom-resource';
import { Deployments } from './deployments';
import { Engine } from './engine';
import { Exports } from './exports';
import { isCustom } from './plan';
import { Proposals } from './proposal';
import { Provisioner } from './provisioner';
import { Removal } from './removal';
import { Rollback } from './rollback';
import { StackLog } from './stack-log';
import { Stacks } from './stacks';
import { StepContexts } from './step-context';
import { StackStore } from './store';

const metadata: ResourceType = {
  type: 'AWS::CDK::Metadata',
  enforced: ['Analytics'],
  stored: {},
  create: async (_properties, context) => ({ id: `${context.stackName}-metadata` }),
  update: async (id) => ({ id }),
  delete: async () => undefined,
};

/** CloudFormation over the handlers of all services; `handlers` is asked late, since they come into being together. */
export function cloudFormation(cloud: Cloud, handlers: () => readonly ResourceType[]): Service {
  const store = new StackStore(cloud.storage);
  const custom = new CustomResources(cloud);
  let byType: Map<string, ResourceType> | undefined;
  const handlerOf = (type: string): ResourceType | undefined => {
    byType ??= new Map([metadata, ...handlers()].map((handler) => [handler.type, handler]));
    return isCustom(type) ? custom.handler(type) : byType.get(type);
  };
  const log = new StackLog(store, cloud.clock);
  const contexts = new StepContexts(cloud, store);
  const provisioner = new Provisioner(cloud, log, contexts, handlerOf);
  const removal = new Removal(cloud, store, log, provisioner);
  const rollback = new Rollback(store, log, provisioner, removal);
  const exports = new Exports(store);
  const engine = new Engine({ cloud, store, log, contexts, provisioner, removal, rollback, exports, custom });
  const proposals = new Proposals(cloud, store, handlerOf);
  const deployments = new Deployments(cloud, store, log, engine, exports, proposals);
  const changeSets = new ChangeSets(cloud, store, proposals, deployments);
  const stacks = new Stacks(store, log, proposals, changeSets);
  return {
    name: 'cloudformation',
    signingNames: ['cloudformation'],
    sdk: '@aws-sdk/client-cloudformation',
    rights: cloudFormationRights,
    operations: { ...stacks.operations(), ...deployments.operations(), ...changeSets.operations() },
    resources: [metadata],
    routes: [custom],
    async start() {
      await custom.start();
      engine.resume();
    },
    stop: () => engine.stop(),
  };
}
