import type { Model, Platform, Stage } from '../definition';
import { PROCESSING_INSTANCE } from '../instance-types';

/** What an account must allow before a stage is deployed to it. */
export interface Quota {
  readonly service: string;
  /** As Service Quotas calls it. */
  readonly name: string;
  readonly needed: number;
  /** What takes it. */
  readonly why: string;
}

/** Functions on the path of a request: each reserves what the stage says. */
const REQUEST_FUNCTIONS = ['authorizer', 'predict', 'outcomes', 'events', 'models'] as const;
/** Functions that take one event at a time: they reserve one. */
const SINGLE_FUNCTIONS = ['retrain', 'promote'] as const;
/** Lambda keeps so many unreserved (PutFunctionConcurrency). */
const UNRESERVED = 100;

/** Quotas of an account that one stage of a platform takes, in an account that holds nothing else. */
export function quotasOf({ models, featureGroups, sources }: Platform, stage: Stage): Quota[] {
  return [
    concurrency(stage),
    ...perInstance(models, ({ serving }) => endpointInstances(serving.fleet[stage.name])).map(([type, needed]) => ({
      service: 'SageMaker',
      name: `${type} for endpoint usage`,
      needed,
      why: 'every model at its largest fleet, twice: a roll-out starts the new fleet beside the old one',
    })),
    ...perInstance(models, ({ training }) => trainingInstances(training.instanceTypes[stage.name])).map(([type, needed]) => ({
      service: 'SageMaker',
      name: `${type} for training job usage`,
      needed,
      why: 'every model trains at once',
    })),
    {
      service: 'SageMaker',
      name: `${PROCESSING_INSTANCE} for processing job usage`,
      needed: models.length,
      why: 'every model is prepared or evaluated at once',
    },
    { service: 'SageMaker', name: 'Feature groups', needed: featureGroups.length, why: 'one per feature group' },
    {
      service: 'Kinesis',
      name: stage.stream === 'on-demand' ? 'On-demand data streams' : 'Shards',
      needed: (sources.length + 1) * (stage.stream === 'on-demand' ? 1 : stage.stream.shards),
      why: 'one stream per source, and one of predictions and outcomes',
    },
  ];
}

function concurrency({ reservedConcurrency }: Stage): Quota {
  const each = reservedConcurrency ?? 0;
  return {
    service: 'Lambda',
    name: 'Concurrent executions',
    needed: REQUEST_FUNCTIONS.length * each + SINGLE_FUNCTIONS.length + UNRESERVED,
    why: `${REQUEST_FUNCTIONS.length} functions that reserve ${each}, ${SINGLE_FUNCTIONS.length} that reserve 1, and ${UNRESERVED} that Lambda keeps unreserved`,
  };
}

type Instances = readonly [type: string, count: number] | undefined;

function endpointInstances(fleet: Model['serving']['fleet'][string] | undefined): Instances {
  return fleet === undefined ? undefined : [fleet.instanceType, 2 * fleet.maxInstances];
}

function trainingInstances(types: readonly string[] | undefined): Instances {
  const [first] = types ?? [];
  return first === undefined ? undefined : [first, 1];
}

/** Instances by type, summed over models. */
function perInstance(models: readonly Model[], of: (model: Model) => Instances): [string, number][] {
  const counts = new Map<string, number>();
  for (const model of models) {
    const [type, count] = of(model) ?? [];
    if (type !== undefined && count !== undefined) counts.set(type, (counts.get(type) ?? 0) + count);
  }
  return [...counts];
}
