import type * as Sdk from '@aws-sdk/client-lambda';
import type { Call, Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { ASYNC_DEFAULTS, type AsyncQueue } from './async-queue';
import type { Invoker } from './invoker';
import { type InvokeConfigRecord, LATEST, type LambdaStore, parseReference } from './store';

/** The payload as bytes: on the wire and within the cloud it is nothing else. */
type InvokeInput = Omit<Sdk.InvokeCommandInput, 'Payload'> & { readonly Payload?: Uint8Array };

const MAX_SYNC = 6_291_456;
const MAX_ASYNC = 1_048_576;
const EMPTY = Buffer.from('{}');

function checkPayload(payload: Uint8Array, limit: number, trusted: boolean): void {
  if (payload.length > limit) {
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
      { status: 413 },
    );
  }
  if (trusted) return;
  try {
    JSON.parse(Buffer.from(payload).toString());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${reason}`, {
      status: 400,
      members: { Type: 'User' },
    });
  }
}

/** Invoke, and how asynchronous invocations are retried. */
export function invokeOperations(cloud: Cloud, store: LambdaStore, invoker: Invoker, queue: AsyncQueue): Operations {
  const invoke = async (input: InvokeInput, call: Call): Promise<object> => {
    const { name, qualifier } = parseReference(input.FunctionName ?? '', input.Qualifier);
    const record = store.version(name, qualifier);
    const payload = input.Payload === undefined || input.Payload.length === 0 ? EMPTY : input.Payload;
    const kind = input.InvocationType ?? 'RequestResponse';
    if (kind === 'DryRun') return { StatusCode: 204 };
    checkPayload(payload, kind === 'Event' ? MAX_ASYNC : MAX_SYNC, call.caller.kind === 'service');
    if (kind === 'Event') {
      await queue.accept(name, qualifier, payload, call.requestId);
      return { StatusCode: 202 };
    }
    const outcome = await invoker.invoke(record, qualifier, payload, {
      requestId: call.requestId,
      clientContext: input.ClientContext,
      wantsTail: input.LogType === 'Tail',
    });
    return {
      StatusCode: 200,
      ExecutedVersion: record.version,
      Payload: outcome.payload,
      ...(outcome.functionError === undefined ? {} : { FunctionError: outcome.functionError }),
      ...(outcome.logTail === undefined ? {} : { LogResult: outcome.logTail.toString('base64') }),
    };
  };
  return { Invoke: invoke, ...invokeConfigOperations(cloud, store) };
}

/** What the operations share. */
function invokeConfigScope(cloud: Cloud, store: LambdaStore) {
  const keyOf = (input: { FunctionName?: string | undefined; Qualifier?: string | undefined }): [string, string] => {
    const { name, qualifier } = parseReference(input.FunctionName ?? '', input.Qualifier);
    store.version(name, qualifier);
    return [name, qualifier ?? LATEST];
  };
  const describe = ([name, qualifier]: [string, string], record: InvokeConfigRecord): Sdk.FunctionEventInvokeConfig => ({
    FunctionArn: store.arn(name, qualifier),
    LastModified: new Date(record.modified),
    MaximumRetryAttempts: record.maximumRetryAttempts,
    MaximumEventAgeInSeconds: record.maximumEventAgeInSeconds,
    DestinationConfig: {
      OnSuccess: record.onSuccess === undefined ? {} : { Destination: record.onSuccess },
      OnFailure: record.onFailure === undefined ? {} : { Destination: record.onFailure },
    },
  });
  const put = async (
    input: Sdk.PutFunctionEventInvokeConfigCommandInput,
    previous?: InvokeConfigRecord,
  ): Promise<Sdk.FunctionEventInvokeConfig> => {
    const key = keyOf(input);
    const onSuccess =
      input.DestinationConfig === undefined ? previous?.onSuccess : input.DestinationConfig.OnSuccess?.Destination;
    const onFailure =
      input.DestinationConfig === undefined ? previous?.onFailure : input.DestinationConfig.OnFailure?.Destination;
    const record: InvokeConfigRecord = {
      maximumRetryAttempts: input.MaximumRetryAttempts ?? previous?.maximumRetryAttempts ?? ASYNC_DEFAULTS.maximumRetryAttempts,
      maximumEventAgeInSeconds:
        input.MaximumEventAgeInSeconds ?? previous?.maximumEventAgeInSeconds ?? ASYNC_DEFAULTS.maximumEventAgeInSeconds,
      modified: cloud.clock.now(),
      ...(onSuccess === undefined ? {} : { onSuccess }),
      ...(onFailure === undefined ? {} : { onFailure }),
    };
    await store.invokeConfigs.put(key, record);
    return describe(key, record);
  };
  const get = (key: [string, string]): InvokeConfigRecord => {
    const record = store.invokeConfigs.get(key);
    if (record === undefined)
      throw new AwsError('ResourceNotFoundException', `The function ${store.arn(...key)} doesn't have an EventInvokeConfig`, {
        status: 404,
      });
    return record;
  };
  return { keyOf, describe, get, store, put };
}
type InvokeConfigScope = ReturnType<typeof invokeConfigScope>;

function getFunctionEventInvokeConfig(
  { keyOf, describe, get }: InvokeConfigScope,
  input: Sdk.GetFunctionEventInvokeConfigCommandInput,
) {
  const key = keyOf(input);
  return describe(key, get(key));
}

function deleteFunctionEventInvokeConfig({ store }: InvokeConfigScope, input: Sdk.DeleteFunctionEventInvokeConfigCommandInput) {
  const { name, qualifier } = parseReference(input.FunctionName ?? '', input.Qualifier);
  return store.invokeConfigs.remove([name, qualifier ?? LATEST]);
}

function invokeConfigOperations(cloud: Cloud, store: LambdaStore): Operations {
  const scope = invokeConfigScope(cloud, store);
  const { put, get, keyOf } = scope;
  return {
    PutFunctionEventInvokeConfig: (input: Sdk.PutFunctionEventInvokeConfigCommandInput) => put(input),
    UpdateFunctionEventInvokeConfig: (input: Sdk.UpdateFunctionEventInvokeConfigCommandInput) => put(input, get(keyOf(input))),
    GetFunctionEventInvokeConfig: (input: Sdk.GetFunctionEventInvokeConfigCommandInput) =>
      getFunctionEventInvokeConfig(scope, input),
    DeleteFunctionEventInvokeConfig: (input: Sdk.DeleteFunctionEventInvokeConfigCommandInput) =>
      deleteFunctionEventInvokeConfig(scope, input),
  };
}
