import type { Cloud } from '../../../cloud';
import type { SageMakerModule } from '../module';
import type { TagStore } from '../tags';
import { configOperations } from './configs';
import { endpointOperations } from './endpoints';
import { EndpointEvents } from './events';
import { Fleets } from './fleets';
import { Invocations } from './invocations';
import { Lifecycle } from './lifecycle';
import { modelOperations } from './models';
import { EndpointStore } from './records';
import { endpoint, endpointConfig, model } from './resources';
import { Rollouts } from './rollout';

interface Parts {
  readonly store: EndpointStore;
  readonly fleets: Fleets;
  readonly invocations: Invocations;
}

const known = new WeakMap<object, Parts>();

/** What `sagemaker` and `sagemaker-runtime` of one cloud share. */
function partsOf(cloud: Cloud): Parts {
  let parts = known.get(cloud);
  if (parts === undefined) {
    const store = new EndpointStore(cloud);
    const fleets = new Fleets(cloud);
    parts = { store, fleets, invocations: new Invocations(cloud, store, fleets) };
    known.set(cloud, parts);
  }
  return parts;
}

/** The invocations of a cloud's endpoints. */
export function invocationsOf(cloud: Cloud): Invocations {
  return partsOf(cloud).invocations;
}

/** Models, endpoint configurations and real-time endpoints whose model servers are Python processes. */
export function endpoints(cloud: Cloud, tagStore: TagStore): SageMakerModule {
  const { store, fleets } = partsOf(cloud);
  const events = new EndpointEvents(cloud, tagStore);
  const rollouts = new Rollouts(cloud, store, fleets, events);
  const lifecycle = new Lifecycle({ cloud, store, fleets, rollouts, events, tagStore });
  return {
    operations: {
      ...modelOperations(cloud, store, tagStore),
      ...configOperations(cloud, store, tagStore),
      ...endpointOperations(cloud, store, tagStore, lifecycle),
    },
    resources: [model, endpointConfig, endpoint],
    start: () => lifecycle.start(),
    stop: () => lifecycle.stop(),
  };
}
