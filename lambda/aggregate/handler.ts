import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { eventsRequestSchema } from '../../core/api';
import type { Platform } from '../../core/definition';
import { METRICS } from '../../core/metrics';
import { parseStrictJson } from '../../core/strict-json';
import type { Log, MetricSink } from '../runtime/observability';

type Event = Readonly<Record<string, unknown>>;

export interface AggregateDependencies {
  readonly platform: Platform;
  readonly stage: { readonly name: string };
  /** Source of a stream's ARN; undefined when none of ours. */
  readonly sourceOf: (streamArn: string) => string | undefined;
  readonly add: (source: string, events: readonly Event[]) => Promise<void>;
  /** Puts a record that can never be read aside, with the reason. */
  readonly quarantine: (record: { source: string; reason: string; sequenceNumber: string; data: string }) => Promise<void>;
  readonly metrics: MetricSink;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Stream to tiles. A record that does not fit its source's schema goes to quarantine with the reason and never blocks the shard; a failure
 * of a store fails the batch from its first record, so order is kept.
 */
export function makeAggregate(dependencies: AggregateDependencies) {
  const { sourceOf, add, metrics, stage, log } = dependencies;
  const schemas = new Map(
    dependencies.platform.sources.map((source) => [source.name, eventsRequestSchema(source, dependencies.now)]),
  );
  return async ({ Records }: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const first = Records[0];
    if (first === undefined) return { batchItemFailures: [] };
    const source = sourceOf(first.eventSourceARN);
    const schema = source === undefined ? undefined : schemas.get(source);
    if (source === undefined || schema === undefined) throw new Error(`no source belongs to ${first.eventSourceARN}`);
    try {
      const good: Event[] = [];
      let rejected = 0;
      for (const record of Records) {
        const read = readEvent(record, schema);
        if ('event' in read) good.push(read.event);
        else {
          rejected += 1;
          await dependencies.quarantine({ source, ...read });
        }
      }
      await add(source, good);
      const dimensions = { Stage: stage.name, Source: source };
      metrics.put({ name: METRICS.eventsAggregated, unit: 'Count', value: good.length, dimensions });
      if (rejected > 0) metrics.put({ name: METRICS.eventsRejected, unit: 'Count', value: rejected, dimensions });
      return { batchItemFailures: [] };
    } catch (error) {
      log.error('batch failed', {
        source,
        records: Records.length,
        error: error instanceof Error ? error : new Error(String(error)),
      });
      return { batchItemFailures: [{ itemIdentifier: first.kinesis.sequenceNumber }] };
    }
  };
}

type Read = { readonly event: Event } | { readonly reason: string; readonly sequenceNumber: string; readonly data: string };

function readEvent(record: KinesisStreamRecord, schema: ReturnType<typeof eventsRequestSchema>): Read {
  const data = Buffer.from(record.kinesis.data, 'base64').toString('utf8');
  const { sequenceNumber } = record.kinesis;
  const json = parseStrictJson(data);
  if (!json.ok) return { reason: `${json.fault}: ${json.message}`, sequenceNumber, data };
  const parsed = schema.safeParse({ events: [json.value] });
  const event = parsed.data?.events[0];
  if (event !== undefined) return { event };
  const reasons = parsed.error?.issues.map((issue) => `${issue.path.slice(2).join('.')}: ${issue.message}`) ?? [];
  return { reason: reasons.join('; '), sequenceNumber, data };
}
