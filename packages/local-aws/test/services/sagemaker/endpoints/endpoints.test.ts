import { ENDPOINT, ServingBench } from './fixture';

const ARN = 'arn:aws:sagemaker:eu-west-1:000000000000:endpoint';

describe('endpoints', () => {
  let bench: ServingBench;

  beforeAll(async () => {
    bench = await ServingBench.start({ paused: true });
    await bench.createModel('v1', {}, 2);
    await bench.createEndpoint('v1');
  });

  afterAll(() => bench.cloud.stop());

  it('serves what the model answers, and logs what its container prints', async () => {
    expect(await bench.describe()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'v1' });
    expect(await bench.invoke('1,2')).toBe('v1:1,2');
    expect(await bench.invoke('1,2', { TargetVariant: 'champion' })).toBe('v1:1,2');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(bench.logs.messages).toContain('loaded v1');
  });

  it('answers a failure of the model as ModelError', async () => {
    await expect(bench.invoke('fail')).rejects.toMatchObject({
      code: 'ModelError',
      status: 424,
      members: { OriginalStatusCode: 500, OriginalMessage: 'bad row' },
      message: expect.stringContaining('Received server error (500) from primary with message "bad row". See https://eu-west-1.'),
    });
  });

  it('refuses unknown endpoints, variants and what it does not do', async () => {
    const invoke = (more: object) => bench.invoke('1', more);
    await expect(invoke({ EndpointName: 'other' })).rejects.toThrow('Endpoint other of account 000000000000 not found.');
    await expect(invoke({ TargetVariant: 'other' })).rejects.toThrow('Variant other of endpoint flight-delay was not found');
    await expect(invoke({ TargetModel: 'm' })).rejects.toThrow('The local AWS does not support TargetModel in InvokeEndpoint');
    await expect(invoke({ Body: Buffer.alloc(6_291_457) })).rejects.toThrow('length less than or equal to 6291456');
    await expect(bench.call('DescribeEndpoint', { EndpointName: 'other' })).rejects.toThrow(
      `Could not find endpoint "${ARN}/other".`,
    );
    await expect(bench.call('CreateEndpoint', { EndpointName: ENDPOINT, EndpointConfigName: 'v1' })).rejects.toThrow(
      `Cannot create already existing endpoint "${ARN}/${ENDPOINT}".`,
    );
  });

  it('refuses a key for a disk that the instance encrypts itself', async () => {
    const variant = { VariantName: 'champion', ModelName: 'v1', InitialInstanceCount: 1 };
    const config = (InstanceType: string) => ({
      EndpointConfigName: `disk-${InstanceType.replaceAll('.', '-')}`,
      KmsKeyId: 'alias/k',
      ProductionVariants: [{ ...variant, InstanceType }],
    });

    await expect(bench.call('CreateEndpointConfig', config('ml.m5d.large'))).rejects.toThrow(
      'KmsKeyId is not supported for instance type ml.m5d.large',
    );
  });

  it('emits the metrics of each minute by variant and by configuration', async () => {
    await bench.cloud.clock.advance(60_000);
    bench.metrics.length = 0;
    await bench.invoke('1');
    await bench.invoke('fail').catch(() => undefined);

    await bench.cloud.clock.advance(60_000);

    const total = (name: string, dimensions: number): number | undefined => {
      const found = bench.metrics.find((metric) => metric.MetricName === name && metric.Dimensions.length === dimensions);
      return found?.Values.reduce((sum, value, index) => sum + value * (found.Counts[index] ?? 0), 0);
    };
    expect(
      ['Invocations', 'InvocationsPerInstance', 'Invocation5XXErrors', 'Invocation4XXErrors'].map((name) => total(name, 2)),
    ).toEqual([2, 1, 1, 0]);
    expect(total('Invocations', 3)).toBe(2);
    expect(total('ModelLatency', 2)).toBeGreaterThan(0);
  });

  it('starts a container again that has ended', async () => {
    await expect(bench.invoke('die')).rejects.toMatchObject({ code: 'ServiceUnavailable', status: 503 });

    expect(await bench.invoke('1')).toBe('v1:1');
  });

  it('takes new counts of instances', async () => {
    await bench.call('UpdateEndpointWeightsAndCapacities', {
      EndpointName: ENDPOINT,
      DesiredWeightsAndCapacities: [{ VariantName: 'champion', DesiredInstanceCount: 3 }],
    });
    await bench.cloud.activity.idle();

    expect(await bench.describe()).toMatchObject({
      EndpointStatus: 'InService',
      ProductionVariants: [{ CurrentInstanceCount: 3, DesiredInstanceCount: 3 }],
    });
  });

  it('comes back after a restart without its artefact and model', async () => {
    await bench.call('DeleteModel', { ModelName: 'v1' });
    await bench.restart();

    expect(await bench.invoke('1')).toBe('v1:1');
  });

  it('says why an endpoint has failed, and deletes it', async () => {
    await bench.createModel('broken', { BROKEN: 'yes' });
    await bench.call('CreateEndpoint', { EndpointName: 'broken', EndpointConfigName: 'broken' });
    await bench.cloud.activity.idle();

    expect(await bench.call('DescribeEndpoint', { EndpointName: 'broken' })).toMatchObject({
      EndpointStatus: 'Failed',
      FailureReason:
        'The primary container for production variant champion did not pass the ping health check. Please check CloudWatch logs for this endpoint.',
    });
    await bench.call('DeleteEndpoint', { EndpointName: 'broken' });
    await bench.cloud.activity.idle();
    expect(await bench.call('ListEndpoints', {})).toMatchObject({ Endpoints: [{ EndpointName: ENDPOINT }] });
  });
});
