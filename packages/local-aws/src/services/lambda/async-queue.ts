import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../cloud';
import type { Outcome } from '../../compute/function-spec';
import { DurableQueue } from '../../delivery/durable-queue';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';
import { sendText, sendToDestination } from './destinations';
import type { Invoker } from './invoker';
import { type InvokeConfigRecord, LATEST, type LambdaStore, type VersionRecord } from './store';

interface QueuedEvent {
  readonly requestId: string;
  readonly name: string;
  readonly qualifier: string | undefined;
  readonly payload: Uint8Array;
  /** Function errors so far. */
  readonly failures: number;
  /** Attempts that were refused (throttle, service error) in a row. */
  readonly refusals: number;
  readonly acceptedAt: number;
  readonly nextAt: number;
}

type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';

const RETRY_DELAYS_MS = [60_000, 120_000];
const MAX_BACKOFF_MS = 300_000;
export const ASYNC_DEFAULTS = { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 21_600 } as const;

/** The durable queue behind asynchronous invocations: retries on the clock, dead-letter queue, destinations. */
export class AsyncQueue {
  private readonly events: Table<QueuedEvent>;
  private readonly queue: DurableQueue<QueuedEvent>;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: LambdaStore,
    private readonly invoker: Invoker,
  ) {
    this.events = cloud.storage.table('lambda/async');
    this.queue = new DurableQueue(cloud, {
      service: 'lambda',
      table: this.events,
      idOf: ({ requestId }) => requestId,
      dueAt: ({ nextAt }) => nextAt,
      attempt: (event) => this.attempt(event),
    });
  }

  /** Accepts an event: it is on disk when the promise resolves, and will be tried at least once. */
  async accept(
    name: string,
    qualifier: string | undefined,
    payload: Uint8Array,
    requestId = randomUUID() as string,
  ): Promise<void> {
    const now = this.cloud.clock.now();
    await this.events.put(requestId, {
      requestId,
      name,
      qualifier,
      payload,
      failures: 0,
      refusals: 0,
      acceptedAt: now,
      nextAt: now,
    });
    this.queue.enqueue(requestId);
  }

  start(): void {
    this.queue.start();
  }

  stop(): void {
    this.queue.stop();
  }

  private async attempt(event: QueuedEvent): Promise<void> {
    let record: VersionRecord;
    try {
      record = this.store.version(event.name, event.qualifier);
    } catch {
      return this.queue.remove(event);
    }
    const config = this.config(event);
    if (this.invoker.isDisabled(event.name)) return this.finish(event, record, config, 'EventAgeExceeded', undefined);
    if (this.cloud.clock.now() - event.acceptedAt > config.maximumEventAgeInSeconds * 1000)
      return this.finish(event, record, config, 'EventAgeExceeded', undefined);
    let outcome: Outcome;
    try {
      outcome = await this.invoker.invoke(record, event.qualifier, event.payload, { requestId: event.requestId });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const delay = Math.min(MAX_BACKOFF_MS, 1000 * 2 ** event.refusals);
      return this.later({ ...event, refusals: event.refusals + 1 }, delay);
    }
    if (this.queue.stopped && outcome.functionError !== undefined) return;
    if (outcome.functionError === undefined) return this.finish(event, record, config, 'Success', outcome);
    const failures = event.failures + 1;
    if (failures > config.maximumRetryAttempts)
      return this.finish({ ...event, failures }, record, config, 'RetriesExhausted', outcome);
    return this.later({ ...event, failures, refusals: 0 }, RETRY_DELAYS_MS[failures - 1] ?? MAX_BACKOFF_MS);
  }

  private later(event: QueuedEvent, delayMs: number): Promise<void> {
    return this.queue.later({ ...event, nextAt: this.cloud.clock.now() + delayMs });
  }

  private config(
    event: QueuedEvent,
  ): Pick<InvokeConfigRecord, 'maximumRetryAttempts' | 'maximumEventAgeInSeconds' | 'onSuccess' | 'onFailure'> {
    return this.store.invokeConfigs.get([event.name, event.qualifier ?? LATEST]) ?? ASYNC_DEFAULTS;
  }

  /** Sends the event where its end is to be told, then forgets it; a crash between the two tells it twice, never not at all. */
  private async finish(
    event: QueuedEvent,
    record: VersionRecord,
    config: Partial<InvokeConfigRecord>,
    condition: Condition,
    outcome: Outcome | undefined,
  ): Promise<void> {
    const succeeded = condition === 'Success';
    const role = { arn: record.role, session: record.name };
    const tell = async (what: string, send: () => Promise<void>): Promise<void> => {
      await send().catch((error: unknown) => this.cloud.log('lambda', `${what} of ${event.name} failed: ${String(error)}`));
    };
    const target = succeeded ? config.onSuccess : config.onFailure;
    if (target !== undefined) {
      const functionArn = this.store.arn(event.name, event.qualifier ?? LATEST);
      const body = this.record(event, record, functionArn, condition, outcome);
      await tell('the destination', () => sendToDestination(this.cloud, target, { body, succeeded, functionArn }, role));
    }
    const deadLetter = record.deadLetterArn;
    if (!succeeded && deadLetter !== undefined) {
      const attributes = {
        RequestID: { DataType: 'String', StringValue: event.requestId },
        ErrorCode: { DataType: 'Number', StringValue: outcome === undefined ? '429' : '200' },
        ErrorMessage: { DataType: 'String', StringValue: errorMessage(outcome).slice(0, 1024) },
      };
      await tell('the dead-letter queue', () =>
        sendText(this.cloud, deadLetter, Buffer.from(event.payload).toString(), role, attributes),
      );
    }
    await this.queue.remove(event);
  }

  private record(
    event: QueuedEvent,
    record: VersionRecord,
    functionArn: string,
    condition: Condition,
    outcome: Outcome | undefined,
  ): object {
    const attempts = event.failures + (condition === 'Success' ? 1 : 0);
    return {
      version: '1.0',
      timestamp: new Date(this.cloud.clock.now()).toISOString(),
      requestContext: { requestId: event.requestId, functionArn, condition, approximateInvokeCount: attempts },
      requestPayload: parse(event.payload),
      ...(outcome === undefined
        ? {}
        : {
            responseContext: {
              statusCode: 200,
              executedVersion: record.version,
              ...(outcome.functionError === undefined ? {} : { functionError: outcome.functionError }),
            },
            responsePayload: parse(outcome.payload),
          }),
    };
  }
}

function parse(payload: Uint8Array): unknown {
  const text = Buffer.from(payload).toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function errorMessage(outcome: Outcome | undefined): string {
  const payload = outcome === undefined ? undefined : parse(outcome.payload);
  const message =
    typeof payload === 'object' && payload !== null ? (payload as { errorMessage?: string }).errorMessage : undefined;
  return message ?? 'Rate Exceeded.';
}
