import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
  SageMakerClient,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { artefact, IMAGE } from '../services/sagemaker/endpoints/fixture';
import { CloudBench, failure } from '../support/cloud-bench';
import { makeRole } from '../support/role';

const EndpointName = 'flight-delay';
const MINUTE = 60_000;

let bench: CloudBench;
let sagemaker: SageMakerClient;
let runtime: SageMakerRuntimeClient;

async function model(version: string, ExecutionRoleArn: string): Promise<void> {
  const Environment = {
    SAGEMAKER_PROGRAM: 'inference.py',
    SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model',
    MODEL_VERSION: version,
  };
  const PrimaryContainer = { Image: IMAGE, ModelDataUrl: 's3://models/model.tar.gz', Environment };
  await sagemaker.send(new CreateModelCommand({ ModelName: version, ExecutionRoleArn, PrimaryContainer }));
  const variant = { VariantName: 'champion', ModelName: version, InstanceType: 'ml.m5.large', InitialInstanceCount: 1 } as const;
  await sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: version, ProductionVariants: [variant] }));
}

async function ask(body = 'x'): Promise<string> {
  const { Body } = await runtime.send(new InvokeEndpointCommand({ EndpointName, Body: body, ContentType: 'text/csv' }));
  return Body.transformToString();
}

/** A call that takes long enough to be met by the fault. */
const askSlowly = () => ask('slow');

const described = () => sagemaker.send(new DescribeEndpointCommand({ EndpointName }));

beforeAll(async () => {
  bench = await CloudBench.start({ startAt: Date.UTC(2030, 0, 1) });
  bench.cloud.clock.pause();
  const s3 = await bench.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: 'models' }));
  await s3.send(new PutObjectCommand({ Bucket: 'models', Key: 'model.tar.gz', Body: artefact() }));
  sagemaker = await bench.client(SageMakerClient);
  runtime = await bench.client(SageMakerRuntimeClient);
  const role = await makeRole(bench.cloud, 'model', ['sagemaker']);
  for (const version of ['v1', 'v2']) await model(version, role);
  await sagemaker.send(new CreateEndpointCommand({ EndpointName, EndpointConfigName: 'v1' }));
  await bench.cloud.activity.idle();
});
afterEach(() => bench.cloud.faults.clear());
afterAll(() => bench.stop());

test('a model server that dies in mid-call leaves the service unavailable for it, and another one answers the next', async () => {
  await bench.cloud.faults.add({ kind: 'kill-environment', resource: EndpointName, count: 1 });

  expect(await failure(askSlowly())).toMatchObject({ name: 'ServiceUnavailable', status: 503 });
  expect(await ask()).toBe('v1:x');
  expect(bench.cloud.faults.list()).toEqual([]);
});

test('a fleet whose servers die is rolled back by the alarm on its errors', async () => {
  const cloudwatch = await bench.client(CloudWatchClient);
  const Dimensions = [
    { Name: 'EndpointName', Value: EndpointName },
    { Name: 'VariantName', Value: 'champion' },
  ];
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'errors',
      Namespace: 'AWS/SageMaker',
      MetricName: 'Invocation5XXErrors',
      Dimensions,
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    }),
  );
  await bench.cloud.clock.advance(10 * MINUTE);
  const all = { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 } as const;
  await sagemaker.send(
    new UpdateEndpointCommand({
      EndpointName,
      EndpointConfigName: 'v2',
      DeploymentConfig: {
        BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: all, TerminationWaitInSeconds: 600 },
        AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] },
      },
    }),
  );
  await bench.cloud.activity.idle();
  expect(await ask()).toBe('v2:x');
  await bench.cloud.faults.add({ kind: 'kill-environment', resource: (await described()).EndpointArn ?? '', count: 2 });

  expect([await failure(askSlowly()), await failure(askSlowly())]).toMatchObject([{ status: 503 }, { status: 503 }]);
  await bench.cloud.clock.advance(3 * MINUTE);

  expect(await described()).toMatchObject({
    EndpointStatus: 'InService',
    EndpointConfigName: 'v1',
    FailureReason: expect.stringContaining('alarm(s) [errors]'),
  });
  expect(await ask()).toBe('v1:x');
});
