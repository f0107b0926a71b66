import { s3 } from '../../../../src/services/s3';
import { sagemaker } from '../../../../src/services/sagemaker';
import { FakeCloud, logStub } from '../../../support/fake-cloud';
import { IMAGE, ROLE } from '../support';

const HOUR_MS = 3_600_000;
const get = (path: string) => ({ Get: path });
const lambda = (name: string, args: object, rest: object = {}) => ({
  Name: name,
  Type: 'Lambda',
  FunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:decide',
  Arguments: args,
  OutputParameters: [{ OutputName: 'decision', OutputType: 'String' }],
  ...rest,
});
const processing = (script: string, rest: object = {}) => ({
  Name: 'Work',
  Type: 'Processing',
  Arguments: {
    ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10 } },
    AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ['/bin/bash', '-ec', script] },
    RoleArn: ROLE,
  },
  ...rest,
});

interface Execution {
  readonly PipelineExecutionStatus: string;
  readonly FailureReason?: string;
}
interface Steps {
  readonly PipelineExecutionSteps: readonly {
    readonly StepName: string;
    readonly StepStatus: string;
    readonly FailureReason?: string;
    readonly CacheHitResult?: object;
    readonly Metadata?: object;
  }[];
}

describe('executions', () => {
  let cloud: FakeCloud;
  const events: { DetailType: string; Detail: string }[] = [];
  let answers: Record<string, unknown>[] = [];
  const payloads: unknown[] = [];

  beforeAll(async () => {
    const Invoke = ({ Payload }: { Payload: Uint8Array }) => {
      payloads.push(JSON.parse(Buffer.from(Payload).toString()));
      const { error, ...answer } = answers.shift() ?? {};
      return { Payload: Buffer.from(JSON.stringify(answer)), ...(error === undefined ? {} : { FunctionError: error }) };
    };
    const PutEvents = ({ Entries }: { Entries: typeof events }) => void events.push(...Entries);
    const stubs = { lambda: { Invoke }, events: { PutEvents }, logs: logStub().operations };
    cloud = await FakeCloud.start({ services: [s3, sagemaker], stubs, paused: true });
  });

  afterAll(() => cloud.stop());

  beforeEach(() => {
    payloads.length = 0;
    events.length = 0;
  });

  const call = <T>(operation: string, input: object): Promise<T> => cloud.call<T>('sagemaker', operation, input);
  const create = (name: string, steps: object[]): Promise<unknown> => {
    const PipelineDefinition = JSON.stringify({ Version: '2020-12-01', Steps: steps });
    return call('CreatePipeline', { PipelineName: name, RoleArn: ROLE, PipelineDefinition });
  };
  const run = async (
    PipelineName: string,
  ): Promise<{ arn: string; execution: Execution; steps: Steps['PipelineExecutionSteps'] }> => {
    const { PipelineExecutionArn: arn } = await call<{ PipelineExecutionArn: string }>('StartPipelineExecution', {
      PipelineName,
    });
    await cloud.activity.idle();
    return { arn, ...(await look(arn)) };
  };
  const look = async (arn: string) => ({
    execution: await call<Execution>('DescribePipelineExecution', { PipelineExecutionArn: arn }),
    steps: (await call<Steps>('ListPipelineExecutionSteps', { PipelineExecutionArn: arn, SortOrder: 'Ascending' }))
      .PipelineExecutionSteps,
  });

  it('call functions with resolved arguments in the role of the pipeline and read their outputs', async () => {
    answers = [{ decision: 'go', note: 1 }, { decision: 'done' }];
    await create('functions', [
      lambda('First', { id: get('Execution.PipelineExecutionId') }),
      lambda('Second', { was: get("Steps.First.OutputParameters['decision']") }),
    ]);

    const { arn, execution, steps } = await run('functions');

    expect(execution.PipelineExecutionStatus).toBe('Succeeded');
    expect(payloads).toEqual([{ id: arn.split('/').at(-1) }, { was: 'go' }]);
    expect(steps[0]?.Metadata).toEqual({
      Lambda: { Arn: expect.stringContaining(':decide'), OutputParameters: [{ Name: 'decision', Value: 'go' }] },
    });
    expect(cloud.calls.find(({ service }) => service === 'lambda')?.caller.roleArn).toBe(ROLE);
    expect(events.map(({ DetailType, Detail }) => [DetailType.split('Pipeline ')[1], JSON.parse(Detail).stepName])).toEqual([
      ['Execution Status Change', undefined],
      ['Execution Step Status Change', 'First'],
      ['Execution Step Status Change', 'First'],
      ['Execution Step Status Change', 'Second'],
      ['Execution Step Status Change', 'Second'],
      ['Execution Status Change', undefined],
    ]);
  });

  it('start nothing after a failure, and only what had not succeeded when tried again', async () => {
    answers = [{ decision: 'one' }, { error: 'Unhandled', errorMessage: 'no' }];
    await create('again', [lambda('A', {}), lambda('B', {}, { DependsOn: ['A'] }), lambda('C', {}, { DependsOn: ['B'] })]);
    const failed = await run('again');
    expect(failed.execution).toMatchObject({
      PipelineExecutionStatus: 'Failed',
      FailureReason: 'Step failure: One or multiple steps failed.',
    });
    expect(failed.steps.map(({ StepName, StepStatus }) => [StepName, StepStatus])).toEqual([
      ['A', 'Succeeded'],
      ['B', 'Failed'],
    ]);
    expect(failed.steps[1]?.FailureReason).toBe('ClientError: The Lambda function failed: {"errorMessage":"no"}');

    answers = [{ decision: 'two' }, { decision: 'three' }];
    await call('RetryPipelineExecution', { PipelineExecutionArn: failed.arn });
    await cloud.activity.idle();

    expect((await look(failed.arn)).execution.PipelineExecutionStatus).toBe('Succeeded');
    expect(payloads).toHaveLength(4);
  });

  it('fail a step whose function gives no declared output', async () => {
    answers = [{ decision: 7 }];
    await create('unfit', [lambda('A', {})]);

    expect((await run('unfit')).steps[0]?.FailureReason).toBe(
      "ClientError: the function's answer has no output 'decision' of type String",
    );
  });

  it('take the result of an earlier execution within the time of the cache, and work again after it', async () => {
    await create('cached', [processing('exit 0', { CacheConfig: { Enabled: true, ExpireAfter: 'PT1H' } })]);
    const first = await run('cached');

    const second = await run('cached');
    await cloud.clock.advance(2 * HOUR_MS);
    const third = await run('cached');

    expect(first.steps[0]).toMatchObject({ StepStatus: 'Succeeded', CacheHitResult: undefined });
    expect(second.steps[0]?.CacheHitResult).toEqual({ SourcePipelineExecutionArn: first.arn });
    expect(third.steps[0]).toMatchObject({ StepStatus: 'Succeeded', CacheHitResult: undefined });
  });

  it('are over when a jump of the clock that started them ends', async () => {
    await create('scheduled', [processing('sleep 0.2')]);
    let arn = '';
    cloud.clock.after(HOUR_MS, async () => {
      arn = (await call<{ PipelineExecutionArn: string }>('StartPipelineExecution', { PipelineName: 'scheduled' }))
        .PipelineExecutionArn;
    });

    await cloud.clock.advance(2 * HOUR_MS);

    expect((await look(arn)).execution.PipelineExecutionStatus).toBe('Succeeded');
  });
});
