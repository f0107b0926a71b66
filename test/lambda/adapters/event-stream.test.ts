import type { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { KinesisEventStream } from '../../../lambda/adapters/event-stream';

/** A stream that refuses a record the first `refusals` times it sees its key. */
function stream(refusals: Readonly<Record<string, number>>) {
  const left: Record<string, number> = { ...refusals };
  const calls: string[][] = [];
  const send = async ({ input }: PutRecordsCommand) => {
    const keys = (input.Records ?? []).map(({ PartitionKey }) => PartitionKey ?? '');
    calls.push(keys);
    return {
      Records: keys.map((key) => {
        left[key] = (left[key] ?? 0) - 1;
        return (left[key] ?? 0) >= 0 ? { ErrorCode: 'ProvisionedThroughputExceededException' } : { SequenceNumber: '1' };
      }),
    };
  };
  const put = (keys: readonly string[]) =>
    new KinesisEventStream({ send } as unknown as KinesisClient, 's').put(
      keys.map((partitionKey) => ({ partitionKey, data: {} })),
    );
  return { calls, put };
}

test('only the records that were refused are sent again', async () => {
  const { calls, put } = stream({ b: 1 });

  await put(['a', 'b', 'c']);

  expect(calls).toEqual([['a', 'b', 'c'], ['b']]);
});

test('records that stay refused are an error, not a silent loss', async () => {
  await expect(stream({ b: 99 }).put(['a', 'b'])).rejects.toThrow('1 of 2 records were refused by stream s');
});

test('a call carries at most 500 records, in order', async () => {
  const { calls, put } = stream({});
  const keys = Array.from({ length: 1001 }, (_, at) => String(at));

  await put(keys);

  expect(calls.map(({ length }) => length)).toEqual([500, 500, 1]);
  expect(calls.flat()).toEqual(keys);
});
