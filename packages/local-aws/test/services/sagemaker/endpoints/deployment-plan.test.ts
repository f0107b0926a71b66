import { checkDeploymentConfig, deploymentSteps } from '../../../../src/services/sagemaker/endpoints/deployment-plan';
import { Traffic } from '../../../../src/services/sagemaker/endpoints/traffic';

const routing = (policy: object) => ({
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: { WaitIntervalInSeconds: 600, ...policy } as never,
    TerminationWaitInSeconds: 300,
    MaximumExecutionTimeoutInSeconds: 3600,
  },
});

describe('deployment plan', () => {
  it('bakes a canary before it gives all traffic', () => {
    const steps = deploymentSteps(routing({ Type: 'CANARY', CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 } }), 4);

    expect(steps).toEqual([
      { share: 0.1, instances: 1, bakeSeconds: 600, setBy: 'WaitIntervalInSeconds' },
      { share: 1, instances: 4, bakeSeconds: 300, setBy: 'TerminationWaitInSeconds' },
    ]);
  });

  it('repeats a linear step until all traffic is moved', () => {
    const steps = deploymentSteps(routing({ Type: 'LINEAR', LinearStepSize: { Type: 'INSTANCE_COUNT', Value: 2 } }), 5);

    expect(steps.map(({ share }) => share)).toEqual([0.4, 0.8, 1]);
  });

  it('moves all at once and unwatched without a configuration', () => {
    expect(deploymentSteps(undefined, 2)).toEqual([
      { share: 1, instances: 2, bakeSeconds: 0, setBy: 'TerminationWaitInSeconds' },
    ]);
  });

  it.each([
    [
      routing({ Type: 'CANARY', CanarySize: { Type: 'CAPACITY_PERCENT', Value: 60 } }),
      'CanarySize.Value must be between 1 and 50, given 60',
    ],
    [routing({ Type: 'CANARY' }), 'CanarySize is required for this type of traffic routing'],
    [
      routing({ Type: 'LINEAR', LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 10 } }),
      'MaximumExecutionTimeoutInSeconds 3600 must exceed the sum of the waits, 5700',
    ],
    [
      { RollingUpdatePolicy: {} as never },
      'The local AWS does not support DeploymentConfig.RollingUpdatePolicy in UpdateEndpoint',
    ],
  ])('refuses %j', (config, message) => {
    expect(() => checkDeploymentConfig(config, 4)).toThrow(message);
  });
});

describe('traffic', () => {
  it('splits requests by weight, evenly and without chance', () => {
    const traffic = new Traffic([
      { key: 'blue', weight: 0.9 },
      { key: 'green', weight: 0.1 },
      { key: 'none', weight: 0 },
    ]);

    const turns = Array.from({ length: 100 }, () => traffic.next());

    expect(turns.filter((key) => key === 'green')).toHaveLength(10);
    expect(turns.slice(0, 10).filter((key) => key === 'green')).toHaveLength(1);
    expect(turns).not.toContain('none');
  });

  it('has nobody when nobody has weight', () => {
    expect(new Traffic([{ key: 'a', weight: 0 }]).next()).toBeUndefined();
  });
});
