import { ENDPOINT, ServingBench } from './fixture';

const MINUTE = 60_000;

describe('canary', () => {
  let bench: ServingBench;

  beforeEach(async () => {
    bench = await ServingBench.start({ paused: true });
    await bench.createModel('v1');
    await bench.createModel('v2');
    await bench.createEndpoint('v1');
  });

  afterEach(() => bench.cloud.stop());

  it('gets its share, then all, and becomes what the endpoint serves when nothing alarms', async () => {
    await bench.startCanary('v2');

    expect(await bench.describe()).toMatchObject({
      EndpointStatus: 'Updating',
      EndpointConfigName: 'v1',
      PendingDeploymentSummary: {
        EndpointConfigName: 'v2',
        ProductionVariants: [{ VariantStatus: [{ Status: 'ActivatingTraffic' }, { Status: 'Baking' }] }],
      },
    });
    expect(await bench.answers(100)).toEqual({ v1: 90, v2: 10 });

    await bench.cloud.clock.advance(10 * MINUTE);
    expect(await bench.answers(10)).toEqual({ v2: 10 });
    expect(await bench.describe()).toMatchObject({ EndpointStatus: 'Updating', EndpointConfigName: 'v1' });

    await bench.cloud.clock.advance(5 * MINUTE);
    const after = await bench.describe();
    expect(after).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'v2' });
    expect(after.PendingDeploymentSummary).toBeUndefined();
    const kinds = bench.events.map(({ DetailType, Detail }) => `${DetailType.slice(19)} ${JSON.parse(Detail).EndpointStatus}`);
    expect(kinds.filter((kind) => kind.startsWith('State'))).toEqual([
      'State Change IN_SERVICE',
      'State Change UPDATING',
      'State Change IN_SERVICE',
    ]);
  });

  it.each([
    ['while the canary bakes', 2],
    ['while all traffic is on the new fleet', 12],
  ])('is rolled back by an alarm %s', async (_, minutes) => {
    await bench.startCanary('v2');
    await bench.cloud.clock.advance(minutes * MINUTE);

    bench.alarm = 'ALARM';
    await bench.cloud.clock.advance(MINUTE);

    expect(await bench.describe()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'v1',
      FailureReason: 'The update to endpoint configuration v2 was rolled back: alarm(s) [errors] in ALARM state',
    });
    expect(await bench.answers(10)).toEqual({ v1: 10 });
  });

  it('fails at once when an alarm is in ALARM at its start', async () => {
    bench.alarm = 'ALARM';

    await bench.startCanary('v2');

    expect((await bench.describe()).FailureReason).toContain('at the start of the deployment, alarm(s) [errors] in ALARM state');
  });

  it('is rolled back when the new container never passes its health check', async () => {
    await bench.createModel('v3', { BROKEN: 'yes' });

    await bench.startCanary('v3');

    expect(await bench.describe()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'v1' });
    expect((await bench.describe()).FailureReason).toContain('did not pass the ping health check');
    expect(bench.logs.messages.join()).toContain('no trees');
  });

  it('lets the fleet that it replaces answer what it was asked', async () => {
    const asked = bench.invoke('slow');
    await bench.call('UpdateEndpoint', { EndpointName: ENDPOINT, EndpointConfigName: 'v2' });

    await bench.cloud.activity.idle();

    expect(await bench.describe()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'v2' });
    expect(await asked).toBe('v1:slow');
    expect(await bench.answers(2)).toEqual({ v2: 2 });
  });

  it('goes on after a restart of the local AWS', async () => {
    await bench.startCanary('v2');
    await bench.cloud.clock.advance(4 * MINUTE);

    await bench.restart();

    expect(await bench.answers(20)).toEqual({ v1: 18, v2: 2 });
    await bench.cloud.clock.advance(6 * MINUTE);
    expect(await bench.answers(10)).toEqual({ v2: 10 });
    await bench.cloud.clock.advance(5 * MINUTE);
    expect(await bench.describe()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'v2' });
  });

  it('lets nothing else change the endpoint meanwhile', async () => {
    await bench.startCanary('v2');

    const refused = `Cannot update in-progress endpoint "arn:aws:sagemaker:eu-west-1:000000000000:endpoint/${ENDPOINT}".`;
    await expect(bench.call('DeleteEndpoint', { EndpointName: ENDPOINT })).rejects.toThrow(refused);
    await expect(bench.call('UpdateEndpoint', { EndpointName: ENDPOINT, EndpointConfigName: 'v1' })).rejects.toThrow(refused);
  });
});
