import { AwsError, validationError } from '../../errors';
import { Expressions } from './expressions';
import type { ExpressionInput } from './expressions/placeholders';
import { checkIndexKeys, keyAttributes, keyOfItem, keyOfRequest } from './keys';
import type { ItemKey, TableRecord } from './records';
import type { DynamoStore } from './store';
import { type Item, itemSize, normalizedItem } from './values';

/** The members that conditional writes share. */
export interface WriteInput extends ExpressionInput {
  readonly TableName?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
}
export interface PutInput extends WriteInput {
  readonly Item?: Item | undefined;
}
export interface KeyInput extends WriteInput {
  readonly Key?: Item | undefined;
}
export interface UpdateInput extends KeyInput {
  readonly UpdateExpression?: string | undefined;
}

/** A write whose request is checked; what it makes of the stored item is known once that is read. */
export interface PreparedWrite {
  readonly table: TableRecord;
  readonly key: ItemKey;
  /** For a check of a condition only, nothing is written. */
  readonly writes: boolean;
  readonly returnsOld: boolean;
  /** Top-level attributes that an update names. */
  readonly updated?: ReadonlySet<string>;
  /** Whether the stored item meets the condition. */
  allows(before: Item): boolean;
  /** The item after the write; undefined: none. */
  apply(before: Item | undefined): Item | undefined;
}

const MAX_ITEM = 400 * 1024;
const LEGACY = ['Expected', 'ConditionalOperator', 'AttributeUpdates'] as const;

function refuseLegacy(input: object): void {
  const found = LEGACY.find((name) => (input as Record<string, unknown>)[name] !== undefined);
  if (found !== undefined)
    throw validationError(`The local AWS does not support the legacy parameter ${found}; use an expression.`);
}

function conditionOf(expressions: Expressions, input: WriteInput): Pick<PreparedWrite, 'allows' | 'returnsOld'> {
  const condition = expressions.condition(input.ConditionExpression);
  expressions.checkUsed();
  return {
    allows: condition ?? (() => true),
    returnsOld: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
}

export function preparePut(store: DynamoStore, input: PutInput): PreparedWrite {
  refuseLegacy(input);
  const table = store.table(input.TableName);
  const item = normalizedItem(input.Item ?? {});
  const key = keyOfItem(table, item);
  if (itemSize(item) > MAX_ITEM) throw validationError('Item size has exceeded the maximum allowed size');
  return { table, key, writes: true, ...conditionOf(new Expressions(input), input), apply: () => item };
}

export function prepareDelete(store: DynamoStore, input: KeyInput): PreparedWrite {
  refuseLegacy(input);
  const table = store.table(input.TableName);
  const { key } = keyOfRequest(table, input.Key);
  return { table, key, writes: true, ...conditionOf(new Expressions(input), input), apply: () => undefined };
}

export function prepareCheck(store: DynamoStore, input: KeyInput): PreparedWrite {
  const table = store.table(input.TableName);
  const { key } = keyOfRequest(table, input.Key);
  return { table, key, writes: false, ...conditionOf(new Expressions(input), input), apply: (before) => before };
}

export function prepareUpdate(store: DynamoStore, input: UpdateInput): PreparedWrite {
  refuseLegacy(input);
  const table = store.table(input.TableName);
  const { key, attributes } = keyOfRequest(table, input.Key);
  const expressions = new Expressions(input);
  const update = expressions.update(input.UpdateExpression);
  const condition = conditionOf(expressions, input);
  const clash = keyAttributes(table).find(({ name }) => update?.attributes.has(name) === true);
  if (clash !== undefined)
    throw validationError(
      `One or more parameter values were invalid: Cannot update attribute ${clash.name}. This attribute is part of the key`,
    );
  return {
    table,
    key,
    writes: true,
    ...condition,
    updated: update?.attributes ?? new Set(),
    apply: (before) => {
      const base = before ?? attributes;
      const after = update?.apply(base) ?? base;
      checkIndexKeys(table, after);
      if (itemSize(after) > MAX_ITEM) throw validationError('Item size to update has exceeded the maximum allowed size');
      return after;
    },
  };
}

export function conditionFailed(write: PreparedWrite, before: Item | undefined): AwsError {
  const members = write.returnsOld && before !== undefined ? { Item: before } : {};
  return new AwsError('ConditionalCheckFailedException', 'The conditional request failed', { members });
}

/** Reads, checks the condition and writes; only within a transaction. */
export function perform(store: DynamoStore, write: PreparedWrite): { before: Item | undefined; after: Item | undefined } {
  const before = store.get(write.table, write.key);
  if (!write.allows(before ?? {})) throw conditionFailed(write, before);
  const after = write.apply(before);
  if (write.writes) store.replace(write.table, write.key, before, after);
  return { before, after };
}
