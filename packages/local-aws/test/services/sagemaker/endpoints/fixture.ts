import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sagemaker } from '../../../../src/services/sagemaker';
import { sagemakerRuntime } from '../../../../src/services/sagemaker-runtime';
import { FakeCloud, logStub } from '../../../support/fake-cloud';

export const IMAGE = '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.0-5';
export const ROLE = 'arn:aws:iam::000000000000:role/model';
export const ENDPOINT = 'flight-delay';

/** Answers `<version>:<body>`; `fail` raises, `die` ends the process, `slow` takes 3 s; the environment's BROKEN fails the load. */
const INFERENCE = `
import os, time
def model_fn(folder):
    if os.environ.get('BROKEN'):
        raise ValueError('no trees')
    print('loaded', os.environ['MODEL_VERSION'])
    return os.environ['MODEL_VERSION']
def input_fn(body, content_type):
    return body
def predict_fn(data, model):
    if data == 'fail':
        raise ValueError('bad row')
    if data == 'die':
        os._exit(3)
    if data == 'slow':
        time.sleep(3)
    return model + ':' + data
def output_fn(prediction, accept):
    return prediction, 'text/plain'
`;

export function artefact(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'artefact-'));
  writeFileSync(join(folder, 'inference.py'), INFERENCE);
  const archive = execFileSync('tar', ['-czf', '-', '-C', folder, 'inference.py']);
  rmSync(folder, { recursive: true });
  return archive;
}

type State = 'OK' | 'ALARM';

/** A cloud with endpoints, an artefact at `s3://models/model.tar.gz`, and an alarm `errors` whose state a test sets. */
export class ServingBench {
  readonly logs = logStub();
  readonly events: { readonly DetailType: string; readonly Detail: string }[] = [];
  readonly metrics: {
    readonly MetricName: string;
    readonly Dimensions: unknown[];
    readonly Values: number[];
    readonly Counts: number[];
  }[] = [];
  alarm: State = 'OK';
  cloud!: FakeCloud;

  static async start(options: { readonly paused?: boolean } = {}): Promise<ServingBench> {
    const bench = new ServingBench();
    await bench.open(options);
    return bench;
  }

  private async open(options: {
    readonly paused?: boolean;
    readonly stateDir?: string;
    readonly startAt?: number;
  }): Promise<void> {
    const archive = artefact();
    this.cloud = await FakeCloud.start({
      ...options,
      services: [sagemaker, sagemakerRuntime],
      stubs: {
        logs: this.logs.operations,
        s3: { HeadObject: () => ({}), GetObject: () => ({ Body: archive }) },
        events: { PutEvents: ({ Entries }) => void this.events.push(...Entries) },
        cloudwatch: {
          DescribeAlarms: () => ({ MetricAlarms: [{ AlarmName: 'errors', StateValue: this.alarm }] }),
          PutMetricData: ({ MetricData }) => void this.metrics.push(...MetricData),
        },
      },
    });
  }

  /** Ends the cloud and starts another one on the same state. */
  async restart(): Promise<void> {
    const startAt = this.cloud.clock.now();
    await this.cloud.stop(true);
    await this.open({ stateDir: this.cloud.stateDir, startAt, paused: true });
  }

  call<T = Record<string, unknown>>(operation: string, input: object): Promise<T> {
    return this.cloud.call<T>('sagemaker', operation, input);
  }

  async createModel(version: string, environment: Record<string, string> = {}, instances = 1): Promise<void> {
    await this.call('CreateModel', {
      ModelName: version,
      ExecutionRoleArn: ROLE,
      PrimaryContainer: {
        Image: IMAGE,
        ModelDataUrl: 's3://models/model.tar.gz',
        Environment: {
          SAGEMAKER_PROGRAM: 'inference.py',
          SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model',
          MODEL_VERSION: version,
          ...environment,
        },
      },
    });
    await this.call('CreateEndpointConfig', {
      EndpointConfigName: version,
      ProductionVariants: [
        { VariantName: 'champion', ModelName: version, InstanceType: 'ml.m5.large', InitialInstanceCount: instances },
      ],
    });
  }

  async createEndpoint(config: string): Promise<void> {
    await this.call('CreateEndpoint', { EndpointName: ENDPOINT, EndpointConfigName: config });
    await this.cloud.activity.idle();
  }

  /** Starts a canary of 10 % for 10 minutes, then 5 minutes with all traffic; resolves when the canary has traffic or has failed. */
  async startCanary(config: string): Promise<void> {
    await this.call('UpdateEndpoint', {
      EndpointName: ENDPOINT,
      EndpointConfigName: config,
      RetainAllVariantProperties: true,
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 },
            WaitIntervalInSeconds: 600,
          },
          TerminationWaitInSeconds: 300,
          MaximumExecutionTimeoutInSeconds: 3600,
        },
        AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] },
      },
    });
    await this.cloud.activity.idle();
  }

  describe() {
    return this.call<{
      EndpointStatus: string;
      EndpointConfigName: string;
      FailureReason?: string;
      PendingDeploymentSummary?: { ProductionVariants: { VariantStatus: { Status: string; StatusMessage: string }[] }[] };
      ProductionVariants: { DesiredInstanceCount: number; CurrentInstanceCount: number }[];
    }>('DescribeEndpoint', { EndpointName: ENDPOINT });
  }

  async invoke(body: string, more: object = {}): Promise<string> {
    const input = { EndpointName: ENDPOINT, Body: Buffer.from(body), ContentType: 'text/csv', ...more };
    const answer = await this.cloud.call<{ Body: Buffer }>('sagemaker-runtime', 'InvokeEndpoint', input);
    return answer.Body.toString();
  }

  /** How many of `count` invocations each version answered. */
  async answers(count: number): Promise<Record<string, number>> {
    const bodies = await Promise.all(Array.from({ length: count }, () => this.invoke('x')));
    const counts: Record<string, number> = {};
    for (const body of bodies) {
      const version = body.split(':')[0] ?? '';
      counts[version] = (counts[version] ?? 0) + 1;
    }
    return counts;
  }
}
