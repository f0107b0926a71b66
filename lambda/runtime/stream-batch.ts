import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { type JsonResult, parseStrictJson } from '../../core/strict-json';
import type { Log } from './observability';

/** A record of a stream. */
export interface StreamedText {
  readonly shard: string;
  readonly sequence: string;
  readonly text: string;
  /** The text read as JSON. */
  readonly json: JsonResult;
}

/**
 * Handles batches of a Kinesis stream. A failure of `work` fails the batch from its first record, so order is kept and the mapping halves
 * and retries; `work` must therefore bear to see a record twice.
 */
export function streamBatch(work: (records: readonly StreamedText[], streamArn: string) => Promise<void>, log: Log) {
  return async ({ Records }: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const first = Records[0];
    if (first === undefined) return { batchItemFailures: [] };
    try {
      await work(Records.map(readRecord), first.eventSourceARN);
      return { batchItemFailures: [] };
    } catch (error) {
      log.error('batch failed', {
        stream: first.eventSourceARN,
        records: Records.length,
        error: error instanceof Error ? error : new Error(String(error)),
      });
      return { batchItemFailures: [{ itemIdentifier: first.kinesis.sequenceNumber }] };
    }
  };
}

function readRecord({ kinesis, eventID }: KinesisStreamRecord): StreamedText {
  const text = Buffer.from(kinesis.data, 'base64').toString('utf8');
  return { shard: eventID.split(':')[0] ?? '', sequence: kinesis.sequenceNumber, text, json: parseStrictJson(text) };
}
