import type { KinesisStreamEvent } from 'aws-lambda';
import { type StreamedText, streamBatch } from '../../../lambda/runtime/stream-batch';
import { silent } from '../../support/in-memory-stores';

function event(texts: readonly string[]): KinesisStreamEvent {
  const Records = texts.map((text, at) => ({
    eventID: `shardId-000000000003:${at + 7}`,
    eventSourceARN: 'arn:aws:kinesis:eu-west-1:0:stream/s',
    kinesis: { data: Buffer.from(text).toString('base64'), sequenceNumber: String(at + 7) },
  }));
  return { Records } as unknown as KinesisStreamEvent;
}

test('records come with their place, their text and what it says', async () => {
  const seen: StreamedText[] = [];
  let arn = '';
  const handle = streamBatch(async (records, streamArn) => {
    seen.push(...records);
    arn = streamArn;
  }, silent);

  await expect(handle(event(['{"a":1}', '{"a":']))).resolves.toEqual({ batchItemFailures: [] });

  expect(arn).toBe('arn:aws:kinesis:eu-west-1:0:stream/s');
  expect(seen[0]).toEqual({ shard: 'shardId-000000000003', sequence: '7', text: '{"a":1}', json: { ok: true, value: { a: 1 } } });
  expect(seen[1]).toMatchObject({ sequence: '8', text: '{"a":', json: { ok: false, fault: 'syntax' } });
});

test('a failure fails the batch from its first record', async () => {
  const handle = streamBatch(async () => {
    throw new Error('away');
  }, silent);

  await expect(handle(event(['1', '2']))).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
});

test('an empty batch is no work', async () => {
  const handle = streamBatch(async () => {
    throw new Error('must not be called');
  }, silent);

  await expect(handle(event([]))).resolves.toEqual({ batchItemFailures: [] });
});
