export interface BatchedCalls<T> {
  readonly items: readonly T[];
  /** Most items of one call. */
  readonly batchSize: number;
  /** Calls per batch at most. */
  readonly attempts: number;
  /** Sends items and gives those that were not processed. */
  send(batch: readonly T[]): Promise<readonly T[]>;
  /** Words for the items that were left after the last attempt. */
  failure(left: number): string;
  /**
   * Whether batches may go out at the same time.
   *
   * @default false: in order
   */
  readonly parallel?: boolean;
}

/** Longest wait before a second call, ms; it doubles with each further one, and a random part of it is waited (full jitter). */
const FIRST_WAIT_MS = 50;

/** Sends items in batches; what an answer leaves unprocessed, and only that, is sent again. Rejects when some are left in the end. */
export async function sendAll<T>(calls: BatchedCalls<T>): Promise<void> {
  const { items, batchSize, parallel = false } = calls;
  const batches: (readonly T[])[] = [];
  for (let start = 0; start < items.length; start += batchSize) batches.push(items.slice(start, start + batchSize));
  if (parallel) await Promise.all(batches.map((batch) => sendBatch(batch, calls)));
  else for (const batch of batches) await sendBatch(batch, calls);
}

async function sendBatch<T>(batch: readonly T[], { attempts, send, failure }: BatchedCalls<T>): Promise<void> {
  let waiting = batch;
  for (let attempt = 0; attempt < attempts && waiting.length > 0; attempt += 1) {
    if (attempt > 0) await pause(Math.random() * FIRST_WAIT_MS * 2 ** (attempt - 1));
    waiting = await send(waiting);
  }
  if (waiting.length > 0) throw new Error(failure(waiting.length));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
