import { createHash } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../../errors';
import { allHold } from './conditions';
import type { LambdaOutput, Step, Value, ValueObject } from './definition';
import { apiFailure, PROCESSING, runJobStep, stopJob, TRAINING } from './job-steps';
import { resolve, Unresolvable } from './resolve';
import { resourceName } from './resource-names';
import type { StepContext, StepResult } from './step-context';

const MAX_MESSAGE = 3072;
const MAX_OUTPUT = 1024;

async function runCondition(context: StepContext): Promise<StepResult> {
  const outcome = await allHold(context.step.conditions, context.scope);
  return { kind: 'succeeded', outcome, metadata: { Condition: { Outcome: outcome ? 'True' : 'False' } } };
}

async function runFail(context: StepContext): Promise<StepResult> {
  const message = String((await context.arguments()).ErrorMessage ?? '').slice(0, MAX_MESSAGE);
  return { kind: 'failed', reason: message, exceptions: [], metadata: { Fail: { ErrorMessage: message } } };
}

/** Registers a version; the token makes a second attempt after a crash find the first one's. */
async function runRegisterModel(context: StepContext): Promise<StepResult> {
  const { execution, step } = context;
  const input: ValueObject = await context.arguments();
  const token = createHash('sha256').update(`${execution.arn}/${step.name}`).digest('hex').slice(0, 36);
  const generated = { GeneratedBy: execution.arn };
  const request = { ...input, MetadataProperties: { ...(input.MetadataProperties as object), ...generated }, ClientToken: token };
  try {
    await ensureGroup(context, String(input.ModelPackageGroupName));
    const made = await context.call<Sdk.CreateModelPackageCommandOutput>('sagemaker', 'CreateModelPackage', request);
    const arn = made.ModelPackageArn ?? '';
    const outputs = await context.call('sagemaker', 'DescribeModelPackage', { ModelPackageName: arn });
    return { kind: 'succeeded', outputs, metadata: { RegisterModel: { Arn: arn } } };
  } catch (error) {
    return apiFailure('sagemaker:CreateModelPackage', error);
  }
}

async function ensureGroup(context: StepContext, name: string): Promise<void> {
  await context.call('sagemaker', 'DescribeModelPackageGroup', { ModelPackageGroupName: name }).catch(async (error: unknown) => {
    if (!(error instanceof AwsError) || !error.message.includes('does not exist')) throw error;
    await context.call('sagemaker', 'CreateModelPackageGroup', { ModelPackageGroupName: name });
  });
}

async function runModel(context: StepContext): Promise<StepResult> {
  const name = context.record.resourceName ?? resourceName(context.execution.id, context.step.name);
  await context.save({ resourceName: name });
  const input = await context.arguments();
  const describe = (): Promise<Sdk.DescribeModelCommandOutput> => context.call('sagemaker', 'DescribeModel', { ModelName: name });
  try {
    const exists = await describe().then(
      () => true,
      () => false,
    );
    if (!exists) await context.call('sagemaker', 'CreateModel', { ...input, ModelName: name });
    const outputs = await describe();
    return { kind: 'succeeded', outputs, metadata: { Model: { Arn: outputs.ModelArn } } };
  } catch (error) {
    return apiFailure('sagemaker:CreateModel', error);
  }
}

/** The outputs that a step declares, from the function's answer. Throws for missing and unfit ones. */
function lambdaOutputs(declared: readonly LambdaOutput[], answer: unknown): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const { name, type } of declared) {
    const value = (answer as Record<string, Value> | null)?.[name];
    const kind = { String: 'string', Integer: 'number', Float: 'number', Boolean: 'boolean' }[type];
    if (value === undefined || typeof value !== kind || (type === 'Integer' && !Number.isInteger(value)))
      throw new Unresolvable(`the function's answer has no output '${name}' of type ${type}`);
    if (String(value).length > MAX_OUTPUT) throw new Unresolvable(`output '${name}' is longer than ${MAX_OUTPUT} characters`);
    values[name] = value;
  }
  return values;
}

async function runLambda(context: StepContext): Promise<StepResult> {
  const arn = String(await resolve(context.step.functionArn ?? null, context.scope));
  const payload = Buffer.from(JSON.stringify(await context.arguments()));
  let answer: { Payload?: Uint8Array; FunctionError?: string };
  try {
    answer = await context.call('lambda', 'Invoke', { FunctionName: arn, InvocationType: 'RequestResponse', Payload: payload });
  } catch (error) {
    return apiFailure('lambda:InvokeFunction', error);
  }
  const text = Buffer.from(answer.Payload ?? []).toString('utf8');
  if (answer.FunctionError !== undefined) {
    const reason = `ClientError: The Lambda function failed: ${text}`.slice(0, 1024);
    return { kind: 'failed', reason, exceptions: [], metadata: { Lambda: { Arn: arn } } };
  }
  const outputs = lambdaOutputs(context.step.outputs, text === '' ? {} : JSON.parse(text));
  const OutputParameters = Object.entries(outputs).map(([Name, value]) => ({ Name, Value: String(value) }));
  return { kind: 'succeeded', outputs: { OutputParameters: outputs }, metadata: { Lambda: { Arn: arn, OutputParameters } } };
}

const RUNNERS: Readonly<Record<Step['type'], (context: StepContext) => Promise<StepResult>>> = {
  Condition: runCondition,
  Fail: runFail,
  RegisterModel: runRegisterModel,
  Model: runModel,
  Lambda: runLambda,
  Processing: (context) => runJobStep(context, PROCESSING),
  Training: (context) => runJobStep(context, TRAINING),
};

/** Runs one attempt of a step to its end. A reference without a value, or a file that cannot be read, fails the step. */
export async function runStep(context: StepContext): Promise<StepResult> {
  try {
    return await RUNNERS[context.step.type](context);
  } catch (error) {
    if (error instanceof Unresolvable || error instanceof AwsError || error instanceof SyntaxError)
      return { kind: 'failed', reason: `ClientError: ${error.message}`.slice(0, 1024), exceptions: [] };
    throw error;
  }
}

/** Asks the job of a running step to stop; other steps are waited for. */
export async function stopStep(context: StepContext): Promise<void> {
  const { resourceName: name } = context.record;
  if (name === undefined) return;
  if (context.step.type === 'Training') await stopJob(context, TRAINING, name);
  if (context.step.type === 'Processing') await stopJob(context, PROCESSING, name);
}
