type Input = Record<string, unknown>;
type Output = Record<string, unknown>;
type Run = (input: Input) => unknown;
/** Whether the next entry of a batch fails. */
export type Draw = () => boolean;

/** Runs a batch without the entries that fail, and answers 200 with those marked as AWS marks them. */
type Partial = (input: Input, fails: Draw, run: Run) => Promise<Output>;

const listOf = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : []);

/** Answers that have one entry for each entry of the request, in its order. */
function inOrder(from: string, to: string, count: string, error: object): Partial {
  return async (input, fails, run) => {
    const entries = listOf<object>(input[from]);
    const failed = entries.map(() => fails());
    const kept = entries.filter((_, index) => failed[index] === false);
    const output = kept.length === 0 ? {} : ((await run({ ...input, [from]: kept })) as Output);
    const answers = listOf<object>(output[to]);
    let next = 0;
    const merged = failed.map((isFailed) => (isFailed ? error : answers[next++]));
    return { ...output, [to]: merged, [count]: Number(output[count] ?? 0) + failed.filter(Boolean).length };
  };
}

/** Answers that list what succeeded and what failed by the entry's id. */
function byId(from: string): Partial {
  return async (input, fails, run) => {
    const entries = listOf<{ Id: string }>(input[from]);
    const failed = entries.filter(() => fails());
    const kept = entries.filter((entry) => !failed.includes(entry));
    const output = kept.length === 0 ? {} : ((await run({ ...input, [from]: kept })) as Output);
    const told = failed.map(({ Id }) => ({ Id, Code: 'InternalError', Message: 'Internal error', SenderFault: false }));
    return { ...output, Successful: listOf(output.Successful), Failed: [...listOf(output.Failed), ...told] };
  };
}

type Tables<T> = Record<string, T>;

const batchWrite: Partial = async (input, fails, run) => {
  const RequestItems: Tables<object[]> = {};
  const UnprocessedItems: Tables<object[]> = {};
  for (const [table, writes] of Object.entries((input.RequestItems ?? {}) as Tables<object[]>))
    for (const write of writes) {
      const into = fails() ? UnprocessedItems : RequestItems;
      into[table] = [...(into[table] ?? []), write];
    }
  const output = Object.keys(RequestItems).length === 0 ? {} : ((await run({ ...input, RequestItems })) as Output);
  return { ...output, UnprocessedItems: { ...(output.UnprocessedItems ?? {}), ...UnprocessedItems } };
};

const batchGet: Partial = async (input, fails, run) => {
  const RequestItems: Tables<{ Keys: object[] }> = {};
  const UnprocessedKeys: Tables<{ Keys: object[] }> = {};
  for (const [table, request] of Object.entries((input.RequestItems ?? {}) as Tables<{ Keys: object[] }>))
    for (const key of request.Keys) {
      const into = fails() ? UnprocessedKeys : RequestItems;
      into[table] = { ...request, Keys: [...(into[table]?.Keys ?? []), key] };
    }
  const output = Object.keys(RequestItems).length === 0 ? { Responses: {} } : ((await run({ ...input, RequestItems })) as Output);
  return { ...output, UnprocessedKeys: { ...(output.UnprocessedKeys ?? {}), ...UnprocessedKeys } };
};

const PARTIALS: Readonly<Record<string, Partial>> = {
  'kinesis:PutRecords': inOrder('Records', 'Records', 'FailedRecordCount', {
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: 'Rate exceeded for shard.',
  }),
  'firehose:PutRecordBatch': inOrder('Records', 'RequestResponses', 'FailedPutCount', {
    ErrorCode: 'ServiceUnavailableException',
    ErrorMessage: 'Slow down.',
  }),
  'events:PutEvents': inOrder('Entries', 'Entries', 'FailedEntryCount', {
    ErrorCode: 'InternalFailure',
    ErrorMessage: 'Internal error',
  }),
  'sqs:SendMessageBatch': byId('Entries'),
  'sns:PublishBatch': byId('PublishBatchRequestEntries'),
  'dynamodb:BatchWriteItem': batchWrite,
  'dynamodb:BatchGetItem': batchGet,
};

/** `<service>:<operation>` of the batches that can fail in part. */
export const PARTIAL_OPERATIONS: readonly string[] = Object.keys(PARTIALS);

export function runPartially(name: string, input: Input, fails: Draw, run: Run): Promise<Output> {
  const partial = PARTIALS[name];
  if (partial === undefined) throw new Error(`${name} cannot fail in part`);
  return partial(input, fails, run);
}
