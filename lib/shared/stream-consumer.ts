import { Duration } from 'aws-cdk-lib';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

const BATCH_SIZE = 500;
const RETRIES = 5;
/** A batch is collected this long at most, so that a lone event is not kept waiting. */
const WINDOW = Duration.seconds(1);

/** Feeds a stream to a function: in order per shard, failed batches halved and retried, what never succeeds to the queue. */
export function consume(
  stream: IStream,
  consumer: IFunction & { addEventSource(source: KinesisEventSource): void },
  deadLetters: IQueue,
): void {
  consumer.addEventSource(
    new KinesisEventSource(stream, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: BATCH_SIZE,
      maxBatchingWindow: WINDOW,
      bisectBatchOnError: true,
      retryAttempts: RETRIES,
      reportBatchItemFailures: true,
      onFailure: new SqsDlq(deadLetters),
    }),
  );
}
