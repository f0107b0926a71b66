import type * as Sdk from '@aws-sdk/client-sagemaker';
import { validationError } from '../../../errors';
import { refuse } from '../names';

/** One stop of a blue/green update: the green fleet's share of the traffic, and how long that is watched. */
export interface Step {
  readonly share: number;
  /** Instances of the green fleet that take traffic. */
  readonly instances: number;
  readonly bakeSeconds: number;
  /** The member that sets the time. */
  readonly setBy: 'WaitIntervalInSeconds' | 'TerminationWaitInSeconds';
}

const MAX_WAIT = 3600;
const MAX_ALARMS = 10;

function range(value: number | undefined, member: string, low: number, high: number): void {
  if (value !== undefined && (value < low || value > high))
    throw validationError(`${member} must be between ${low} and ${high}, given ${value}`);
}

function checkSize(
  size: Sdk.CapacitySize | undefined,
  member: string,
  lowPercent: number,
  instances: number,
): asserts size is Sdk.CapacitySize {
  if (size?.Value === undefined) throw validationError(`${member} is required for this type of traffic routing`);
  range(size.Value, `${member}.Value`, 1, Number.MAX_SAFE_INTEGER);
  if (size.Type === 'CAPACITY_PERCENT') range(size.Value, `${member}.Value`, lowPercent, 50);
  else if (size.Type !== 'INSTANCE_COUNT') throw validationError(`${member}.Type '${size.Type}' is not supported for variants`);
  else if (size.Value > instances) throw validationError(`${member}.Value ${size.Value} exceeds the ${instances} instances`);
}

function shareOf(size: Sdk.CapacitySize, instances: number): number {
  return size.Type === 'CAPACITY_PERCENT' ? (size.Value ?? 0) / 100 : (size.Value ?? 0) / instances;
}

function shares(routing: Sdk.TrafficRoutingConfig, instances: number): number[] {
  switch (routing.Type) {
    case 'ALL_AT_ONCE':
      return [1];
    case 'CANARY':
      checkSize(routing.CanarySize, 'CanarySize', 1, instances);
      return [...new Set([shareOf(routing.CanarySize, instances), 1])];
    case 'LINEAR': {
      checkSize(routing.LinearStepSize, 'LinearStepSize', 10, instances);
      const step = shareOf(routing.LinearStepSize, instances);
      return Array.from({ length: Math.ceil(1 / step - 1e-9) }, (_, index) => Math.min(1, step * (index + 1)));
    }
    default:
      throw validationError(`TrafficRoutingConfiguration.Type '${routing.Type}' is unknown`);
  }
}

/**
 * The stops of an update. A canary of a percentage takes that share of the requests, also of a fleet so small that a share of its
 * instances could not be had; one of a count takes its part of the instances. No configuration = all at once, unwatched.
 */
export function deploymentSteps(config: Sdk.DeploymentConfig | undefined, instances: number): readonly Step[] {
  const policy = config?.BlueGreenUpdatePolicy;
  const routing = policy?.TrafficRoutingConfiguration ?? { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 };
  const stops = shares(routing, instances);
  return stops.map((share, index) => {
    const last = index === stops.length - 1;
    return {
      share,
      instances: Math.max(1, Math.ceil(share * instances - 1e-9)),
      bakeSeconds: (last ? policy?.TerminationWaitInSeconds : routing.WaitIntervalInSeconds) ?? 0,
      setBy: last ? 'TerminationWaitInSeconds' : 'WaitIntervalInSeconds',
    };
  });
}

/** Throws for a configuration that an update would not take. */
export function checkDeploymentConfig(config: Sdk.DeploymentConfig | undefined, instances: number): void {
  if (config === undefined) return;
  refuse('UpdateEndpoint', { 'DeploymentConfig.RollingUpdatePolicy': config.RollingUpdatePolicy !== undefined });
  const policy = config.BlueGreenUpdatePolicy;
  const routing = policy?.TrafficRoutingConfiguration;
  range(routing?.WaitIntervalInSeconds, 'WaitIntervalInSeconds', 0, MAX_WAIT);
  range(policy?.TerminationWaitInSeconds, 'TerminationWaitInSeconds', 0, MAX_WAIT);
  range(policy?.MaximumExecutionTimeoutInSeconds, 'MaximumExecutionTimeoutInSeconds', 600, 28_800);
  const waits = deploymentSteps(config, instances).reduce((sum, { bakeSeconds }) => sum + bakeSeconds, 0);
  const limit = policy?.MaximumExecutionTimeoutInSeconds;
  if (limit !== undefined && limit <= waits)
    throw validationError(`MaximumExecutionTimeoutInSeconds ${limit} must exceed the sum of the waits, ${waits}`);
  const alarms = config.AutoRollbackConfiguration?.Alarms ?? [];
  if (alarms.length > MAX_ALARMS)
    throw validationError(`AutoRollbackConfiguration.Alarms may have at most ${MAX_ALARMS} entries`);
}
