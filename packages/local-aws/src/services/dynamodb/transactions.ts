import { createHash } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-dynamodb';
import type { Timer } from '../../clock/clock';
import type { Cloud, Operations } from '../../cloud';
import { AwsError, validationError } from '../../errors';
import type { Table } from '../../storage/storage';
import { readUnits, writeUnits } from './capacity';
import { Expressions } from './expressions';
import type { ItemParts } from './items';
import { keyOfRequest } from './keys';
import type { DynamoStore } from './store';
import { bytesKey, type Item, itemSize } from './values';
import {
  type KeyInput,
  type PreparedWrite,
  type PutInput,
  prepareCheck,
  prepareDelete,
  preparePut,
  prepareUpdate,
  type UpdateInput,
} from './writes';

interface TransactItem {
  readonly ConditionCheck?: KeyInput;
  readonly Put?: PutInput;
  readonly Delete?: KeyInput;
  readonly Update?: UpdateInput;
}
interface WriteInput {
  readonly TransactItems?: readonly TransactItem[];
  readonly ClientRequestToken?: string;
  readonly ReturnConsumedCapacity?: Sdk.ReturnConsumedCapacity;
}
interface GetInput {
  readonly TransactItems?: readonly { readonly Get?: KeyInput & { readonly ProjectionExpression?: string } }[];
  readonly ReturnConsumedCapacity?: Sdk.ReturnConsumedCapacity;
}
interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

const MAX_ITEMS = 100;
const TOKEN_MS = 10 * 60_000;
const NONE: Reason = { Code: 'None' };

function prepare(store: DynamoStore, item: TransactItem): PreparedWrite {
  const actions = [item.ConditionCheck, item.Put, item.Delete, item.Update].filter((action) => action !== undefined);
  if (actions.length !== 1) throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  if (item.Put !== undefined) return preparePut(store, item.Put);
  if (item.Delete !== undefined) return prepareDelete(store, item.Delete);
  if (item.Update !== undefined) return prepareUpdate(store, item.Update);
  return prepareCheck(store, item.ConditionCheck ?? {});
}

function cancelled(reasons: readonly Reason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { members: { CancellationReasons: reasons } },
  );
}

/** Checks every condition against what is stored, then writes all or nothing; only within a transaction of the store. */
function performAll(store: DynamoStore, writes: readonly PreparedWrite[]) {
  const reasons: Reason[] = [];
  const done = writes.map((write) => {
    const before = store.get(write.table, write.key);
    let after: Item | undefined;
    if (!write.allows(before ?? {})) {
      const old = write.returnsOld && before !== undefined ? { Item: before } : {};
      reasons.push({ Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...old });
    } else {
      try {
        after = write.apply(before);
        reasons.push(NONE);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        reasons.push({ Code: 'ValidationError', Message: error.message });
      }
    }
    return { write, before, after };
  });
  if (reasons.some((reason) => reason !== NONE)) throw cancelled(reasons);
  for (const { write, before, after } of done) if (write.writes) store.replace(write.table, write.key, before, after);
  return done;
}

/** Tokens of transactions that were carried out: the same request again within ten minutes does nothing. */
export class TransactionTokens {
  private readonly tokens: Table<{ readonly hash: string; readonly at: number }>;
  /** The same by [time, token]. */
  private readonly byTime: Table<true>;
  private timer: Timer | undefined;

  constructor(private readonly cloud: Cloud) {
    this.tokens = cloud.storage.table('dynamodb/transaction-tokens');
    this.byTime = cloud.storage.table('dynamodb/transaction-tokens-by-time');
  }

  /** Whether the request was carried out already; only within a transaction of the store. */
  isRepeat(token: string, items: unknown): boolean {
    const text = JSON.stringify(items, (_, value) => (value instanceof Uint8Array ? bytesKey(value) : value));
    const hash = createHash('sha256').update(text).digest('base64');
    const now = this.cloud.clock.now();
    const known = this.tokens.get(token);
    if (known === undefined || now - known.at > TOKEN_MS) {
      void this.tokens.put(token, { hash, at: now });
      void this.byTime.put([now, token], true);
      this.timer ??= this.cloud.clock.after(TOKEN_MS, () => this.sweep());
      return false;
    }
    if (known.hash === hash) return true;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'Request was rejected because the request parameters do not match for the specified client request token.',
    );
  }

  /** Forgets what is too old; one timer at a time, however many transactions there are. */
  async sweep(): Promise<void> {
    this.timer = undefined;
    const oldest = this.cloud.clock.now() - TOKEN_MS;
    await this.cloud.storage.transaction(() => {
      for (const { key } of [...this.byTime.entries({ end: [oldest] })]) {
        const token = Array.isArray(key) ? String(key[1]) : '';
        if ((this.tokens.get(token)?.at ?? 0) < oldest) void this.tokens.remove(token);
        void this.byTime.remove(key);
      }
    });
    for (const _ of this.byTime.entries({ limit: 1 })) this.timer = this.cloud.clock.after(TOKEN_MS, () => this.sweep());
  }

  stop(): void {
    this.timer?.cancel();
  }
}

function checkCount(items: readonly unknown[]): void {
  if (items.length >= 1 && items.length <= MAX_ITEMS) return;
  throw validationError(
    `1 validation error detected: Value '[${items.length} items]' at 'transactItems' failed to satisfy constraint: Member must have length ${items.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_ITEMS}`}`,
  );
}

/** TransactWriteItems and TransactGetItems. */
export function transactionOperations({ cloud, store, capacity, expiry }: ItemParts, tokens: TransactionTokens): Operations {
  const write = async (input: WriteInput) => {
    const items = input.TransactItems ?? [];
    checkCount(items);
    const writes = items.map((item) => prepare(store, item));
    const places = writes.map(({ table, key }) => JSON.stringify([table.id, key.partition, key.sort]));
    if (new Set(places).size !== places.length)
      throw validationError('Transaction request cannot include multiple operations on one item');
    const token = input.ClientRequestToken;
    const done = await cloud.storage.transaction(() =>
      token !== undefined && tokens.isRepeat(token, items) ? [] : performAll(store, writes),
    );
    const units = new Map<string, number>();
    for (const { write: made, before, after } of done) {
      expiry.noticed(made.table, after);
      units.set(made.table.name, (units.get(made.table.name) ?? 0) + writeUnits(before, after, 2));
    }
    return capacity.countAll('Write', units, input.ReturnConsumedCapacity);
  };
  const get = (input: GetInput) => {
    const items = input.TransactItems ?? [];
    checkCount(items);
    const units = new Map<string, number>();
    const Responses = items.map(({ Get }) => {
      const request = Get ?? {};
      const table = store.table(request.TableName);
      const expressions = new Expressions(request);
      const project = expressions.projection(request.ProjectionExpression);
      expressions.checkUsed();
      const item = store.get(table, keyOfRequest(table, request.Key).key);
      units.set(table.name, (units.get(table.name) ?? 0) + readUnits(item === undefined ? 0 : itemSize(item), 2));
      return item === undefined ? {} : { Item: project?.(item) ?? item };
    });
    return { Responses, ...capacity.countAll('Read', units, input.ReturnConsumedCapacity) };
  };
  return { TransactWriteItems: write, TransactGetItems: get };
}
