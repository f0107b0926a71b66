import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { type EventSchema, eventSchema } from '../../core/api';
import type { Platform } from '../../core/definition';
import { METRICS } from '../../core/metrics';
import type { Log, MetricSink } from '../runtime/observability';
import { type StreamedText, streamBatch } from '../runtime/stream-batch';

type Event = Readonly<Record<string, unknown>>;

/** A record that can never be read, with the reason. */
export interface QuarantinedEvent {
  readonly source: string;
  readonly reason: string;
  readonly sequenceNumber: string;
  readonly data: string;
}

export interface AggregateDependencies {
  readonly platform: Platform;
  readonly stage: { readonly name: string };
  /** Source of a stream's ARN; undefined when none of ours. */
  readonly sourceOf: (streamArn: string) => string | undefined;
  readonly add: (source: string, events: readonly Event[]) => Promise<void>;
  /** Puts a record that can never be read aside. */
  readonly quarantine: (event: QuarantinedEvent) => Promise<void>;
  readonly metrics: MetricSink;
  readonly now: () => number;
  readonly log: Log;
}

/** Stream to tiles. A record that does not fit its source's schema goes to quarantine with the reason and never blocks the shard. */
export function makeAggregate(dependencies: AggregateDependencies) {
  const { platform, sourceOf, add, quarantine, metrics, stage, now, log } = dependencies;
  const schemas = new Map(platform.sources.map((source) => [source.name, eventSchema(source, now)]));

  async function addBatch(source: string, schema: EventSchema, records: readonly StreamedText[]): Promise<void> {
    const good: Event[] = [];
    for (const record of records) {
      const read = readEvent(schema, record);
      if ('event' in read) good.push(read.event);
      else await quarantine({ source, reason: read.reason, sequenceNumber: record.sequence, data: record.text });
    }
    await add(source, good);
    const count = (name: string, value: number): void =>
      metrics.put({ name, unit: 'Count', value, dimensions: { Stage: stage.name, Source: source } });
    count(METRICS.eventsAggregated, good.length);
    if (good.length < records.length) count(METRICS.eventsRejected, records.length - good.length);
  }

  return async (event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const arn = event.Records[0]?.eventSourceARN;
    if (arn === undefined) return { batchItemFailures: [] };
    const source = sourceOf(arn);
    const schema = source === undefined ? undefined : schemas.get(source);
    if (source === undefined || schema === undefined) throw new Error(`no source belongs to ${arn}`);
    return streamBatch((records) => addBatch(source, schema, records), log)(event);
  };
}

function readEvent(schema: EventSchema, { json }: StreamedText): { readonly event: Event } | { readonly reason: string } {
  if (!json.ok) return { reason: `${json.fault}: ${json.message}` };
  const parsed = schema.safeParse(json.value);
  return parsed.success
    ? { event: parsed.data }
    : { reason: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') };
}
