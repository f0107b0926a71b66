import { randomUUID } from 'node:crypto';
import type { Cloud } from '../cloud';
import { AwsError } from '../errors';
import type { Table } from '../storage/storage';
import { DurableQueue } from './durable-queue';

export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly attempts: number;
  readonly maxAgeMs: number;
}

export interface Delivery<Item> {
  readonly id: string;
  readonly item: Item;
  readonly retry: RetryPolicy;
  readonly acceptedAt: number;
  readonly nextAt: number;
  /** Failed attempts so far. */
  readonly failures: number;
}

/** Why a delivery ended without success. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly condition: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined;
  readonly attempts: number;
}

export interface DeliveryHandlers<Item> {
  /** Delivers once; throws if it did not work. */
  deliver(item: Item, delivery: Delivery<Item>): Promise<unknown>;
  /** Called when no further attempt will be made, before the delivery is forgotten. */
  failed(item: Item, failure: Failure): Promise<void>;
}

const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 300_000;
const RETRIABLE = /Throttl|TooManyRequests|Internal|ServiceUnavailable|ServiceException|Limit/i;

/** Whether another attempt may work: service errors and throttles; what a client got wrong stays wrong. */
function isRetriable(error: unknown): boolean {
  return !(error instanceof AwsError) || (error.status ?? 400) >= 500 || error.status === 429 || RETRIABLE.test(error.code);
}

/** Deliveries between services that survive a kill: each is on disk from its acceptance until it is done or given up. At least once. */
export class DeliveryQueue<Item> {
  private readonly table: Table<Delivery<Item>>;
  private readonly queue: DurableQueue<Delivery<Item>>;

  constructor(
    private readonly cloud: Cloud,
    private readonly service: string,
    private readonly handlers: DeliveryHandlers<Item>,
  ) {
    this.table = cloud.storage.table(`${service}/deliveries`);
    this.queue = new DurableQueue(cloud, {
      service,
      table: this.table,
      idOf: ({ id }) => id,
      dueAt: ({ nextAt }) => nextAt,
      attempt: (delivery) => this.attempt(delivery),
    });
  }

  start(): void {
    this.queue.start();
  }

  stop(): void {
    this.queue.stop();
  }

  /** Accepts one delivery: it will be tried at least once when the promise has resolved. */
  async accept(item: Item, retry: RetryPolicy): Promise<void> {
    const release = await this.cloud.storage.transaction(() => this.stage(item, retry));
    release();
  }

  /** Writes a delivery within the caller's transaction; the returned function starts it once that is committed. */
  stage(item: Item, retry: RetryPolicy): () => void {
    const now = this.cloud.clock.now();
    const id = randomUUID();
    void this.table.put(id, { id, item, retry, acceptedAt: now, nextAt: now, failures: 0 });
    return () => this.queue.enqueue(id);
  }

  private async attempt(delivery: Delivery<Item>): Promise<void> {
    try {
      await this.handlers.deliver(delivery.item, delivery);
    } catch (error) {
      if (!this.queue.stopped) await this.afterFailure(delivery, error);
      return;
    }
    await this.queue.remove(delivery);
  }

  private async afterFailure(delivery: Delivery<Item>, error: unknown): Promise<void> {
    const failures = delivery.failures + 1;
    const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** delivery.failures);
    const nextAt = this.cloud.clock.now() + delay;
    const tooOld = nextAt - delivery.acceptedAt > delivery.retry.maxAgeMs;
    if (isRetriable(error) && failures <= delivery.retry.attempts && !tooOld) {
      return this.queue.later({ ...delivery, failures, nextAt });
    }
    const condition = !isRetriable(error)
      ? undefined
      : failures > delivery.retry.attempts
        ? 'MaximumRetryAttempts'
        : 'MaximumEventAgeInSeconds';
    const code = error instanceof AwsError ? error.code : 'SDK_CLIENT_ERROR';
    const message = error instanceof Error ? error.message : String(error);
    this.cloud.log(this.service, `a delivery is given up: ${code} ${message}`);
    await this.handlers
      .failed(delivery.item, { code, message, condition, attempts: delivery.failures })
      .catch((reason: unknown) => this.cloud.log(this.service, `its dead-letter queue did not take it: ${String(reason)}`));
    await this.queue.remove(delivery);
  }
}
