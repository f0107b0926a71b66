import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-dynamodb';
import type { Call, Cloud, Operations } from '../../cloud';
import { AwsError, validationError } from '../../errors';
import { describeTable } from './description';
import type { TableEncryption } from './encryption';
import type { Expiry } from './expiry';
import { keyAttributes } from './keys';
import type { IndexRecord, KeyAttribute, KeyShape, TableRecord } from './records';
import type { DynamoStore } from './store';

const MAX_INDEXES = 20;
const REMOVE_CHUNK = 2000;

function shapeOf(schema: readonly Sdk.KeySchemaElement[] | undefined, types: ReadonlyMap<string, KeyAttribute>): KeyShape {
  const attribute = (kind: Sdk.KeyType): KeyAttribute | undefined => {
    const name = schema?.find(({ KeyType }) => KeyType === kind)?.AttributeName;
    if (name === undefined) return undefined;
    const found = types.get(name);
    if (found !== undefined) return found;
    throw validationError(
      `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}], AttributeDefinitions: [${[...types.keys()].join(', ')}]`,
    );
  };
  const partition = attribute('HASH');
  const sort = attribute('RANGE');
  if (partition === undefined || (schema?.length ?? 0) > 2)
    throw validationError('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  return sort === undefined ? { partition } : { partition, sort };
}

function indexOf(index: Sdk.GlobalSecondaryIndex, types: ReadonlyMap<string, KeyAttribute>): IndexRecord {
  const projection = index.Projection?.ProjectionType ?? 'ALL';
  const included = index.Projection?.NonKeyAttributes ?? [];
  return { ...shapeOf(index.KeySchema, types), name: index.IndexName ?? '', projection, included };
}

function refuseUnsupported(input: Sdk.CreateTableCommandInput | Sdk.UpdateTableCommandInput): void {
  if (input.StreamSpecification?.StreamEnabled === true)
    throw validationError('The local AWS does not support DynamoDB Streams.');
  if ('LocalSecondaryIndexes' in input && (input.LocalSecondaryIndexes?.length ?? 0) > 0)
    throw validationError('The local AWS does not support local secondary indexes.');
  if ('GlobalSecondaryIndexUpdates' in input && (input.GlobalSecondaryIndexUpdates?.length ?? 0) > 0)
    throw validationError('The local AWS does not change the indexes of a table.');
  if ('ReplicaUpdates' in input && (input.ReplicaUpdates?.length ?? 0) > 0)
    throw validationError('The local AWS has one region only; tables have no replicas.');
  if (input.TableClass !== undefined && input.TableClass !== 'STANDARD')
    throw validationError('The local AWS supports the table class STANDARD only.');
}

function throughputOf(input: Sdk.CreateTableCommandInput | Sdk.UpdateTableCommandInput): Pick<TableRecord, 'provisioned'> {
  if (input.BillingMode === 'PAY_PER_REQUEST') {
    if (input.ProvisionedThroughput === undefined) return {};
    throw validationError(
      'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = input.ProvisionedThroughput ?? {};
  if (read === undefined || write === undefined)
    throw validationError(
      'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  return { provisioned: { read, write } };
}

function tableOf(input: Sdk.CreateTableCommandInput, created: number): TableRecord {
  const name = input.TableName ?? '';
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name))
    throw validationError(
      `1 validation error detected: Value '${name}' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
    );
  refuseUnsupported(input);
  const types = new Map(
    (input.AttributeDefinitions ?? []).map(({ AttributeName = '', AttributeType = 'S' }) => [
      AttributeName,
      { name: AttributeName, type: AttributeType },
    ]),
  );
  const shape = shapeOf(input.KeySchema, types);
  const indexes = (input.GlobalSecondaryIndexes ?? []).map((index) => indexOf(index, types));
  if (indexes.length > MAX_INDEXES)
    throw validationError(
      `One or more parameter values were invalid: GlobalSecondaryIndex count exceeds the per-table limit of ${MAX_INDEXES}`,
    );
  const used = new Set([shape, ...indexes].flatMap(keyAttributes).map((attribute) => attribute.name));
  if (used.size !== types.size)
    throw validationError(
      'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  const keyArn =
    input.SSESpecification?.Enabled === true ? (input.SSESpecification.KMSMasterKeyId ?? 'alias/aws/dynamodb') : undefined;
  return {
    ...shape,
    name,
    id: randomUUID(),
    created,
    indexes,
    ...throughputOf(input),
    deletionProtection: input.DeletionProtectionEnabled ?? false,
    ...(keyArn === undefined ? {} : { keyArn }),
    pointInTimeRecovery: false,
    tags: Object.fromEntries((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  };
}

/** What the operations share. */
function tableScope(cloud: Cloud, store: DynamoStore, expiry: Expiry, encryption: TableEncryption) {
  const named = (reference: string | undefined): TableRecord =>
    store.table(reference, `Requested resource not found: Table: ${reference} not found`);
  const removeAll = async (table: TableRecord): Promise<void> => {
    for (const rows of [store.items, store.entries, store.expiries]) {
      for (let removed = REMOVE_CHUNK; removed === REMOVE_CHUNK; ) {
        removed = await cloud.storage.transaction(() => {
          const keys = [...rows.under([table.id], { limit: REMOVE_CHUNK })].map(({ key }) => key);
          for (const key of keys) void rows.remove(key);
          return keys.length;
        });
      }
    }
  };
  return { cloud, store, encryption, named, expiry, removeAll };
}
type TableScope = ReturnType<typeof tableScope>;

async function createTable({ cloud, store, encryption }: TableScope, input: Sdk.CreateTableCommandInput, { caller }: Call) {
  const table = tableOf(input, cloud.clock.now());
  if (store.tables.get(table.name) !== undefined)
    throw new AwsError('ResourceInUseException', `Table already exists: ${table.name}`);
  await encryption.make(table, caller);
  await store.tables.put(table.name, table);
  return { TableDescription: describeTable(store, table) };
}

async function updateTable({ named, encryption, store }: TableScope, input: Sdk.UpdateTableCommandInput, { caller }: Call) {
  refuseUnsupported(input);
  const { provisioned, ...rest } = named(input.TableName);
  const keyArn = input.SSESpecification?.KMSMasterKeyId ?? rest.keyArn;
  const throughput =
    input.BillingMode === undefined && input.ProvisionedThroughput === undefined
      ? { ...(provisioned === undefined ? {} : { provisioned }) }
      : throughputOf(input);
  const table: TableRecord = {
    ...rest,
    ...throughput,
    deletionProtection: input.DeletionProtectionEnabled ?? rest.deletionProtection,
    ...(keyArn === undefined ? {} : { keyArn }),
  };
  if (keyArn !== rest.keyArn) await encryption.make(table, caller);
  await store.tables.put(table.name, table);
  return { TableDescription: describeTable(store, table) };
}

async function deleteTable({ named, store, expiry, removeAll }: TableScope, input: Sdk.DeleteTableCommandInput) {
  const table = named(input.TableName);
  if (table.deletionProtection)
    throw validationError(
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
    );
  await store.tables.remove(table.name);
  const { ttlAttribute: _, ...ended } = table;
  await expiry.changed(ended);
  await removeAll(table);
  return { TableDescription: { ...describeTable(store, table), TableStatus: 'DELETING' } };
}

/** Creating, describing, changing and deleting tables. */
export function tableOperations(cloud: Cloud, store: DynamoStore, expiry: Expiry, encryption: TableEncryption): Operations {
  const scope = tableScope(cloud, store, expiry, encryption);
  const { named } = scope;
  return {
    CreateTable: (input: Sdk.CreateTableCommandInput, argument1: Call) => createTable(scope, input, argument1),
    DescribeTable: (input: Sdk.DescribeTableCommandInput) => ({ Table: describeTable(store, named(input.TableName)) }),
    ListTables: () => ({ TableNames: [...store.tables.entries()].map(({ value }) => value.name) }),
    UpdateTable: (input: Sdk.UpdateTableCommandInput, argument1: Call) => updateTable(scope, input, argument1),
    DeleteTable: (input: Sdk.DeleteTableCommandInput) => deleteTable(scope, input),
    ...settingOperations(cloud, store, expiry),
  };
}

/** What the operations share. */
function settingScope(cloud: Cloud, store: DynamoStore, expiry: Expiry) {
  const backups = (table: TableRecord) => ({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: table.pointInTimeRecovery ? 'ENABLED' : 'DISABLED',
        ...(table.pointInTimeRecovery
          ? { EarliestRestorableDateTime: new Date(table.created), LatestRestorableDateTime: new Date(cloud.clock.now()) }
          : {}),
      },
    },
  });
  const retag = async (
    arn: string | undefined,
    alter: (tags: Record<string, string>) => Record<string, string>,
  ): Promise<void> => {
    const table = store.table(arn);
    await store.tables.put(table.name, { ...table, tags: alter({ ...table.tags }) });
  };
  return { store, expiry, backups, retag };
}
type SettingScope = ReturnType<typeof settingScope>;

async function updateTimeToLive({ store, expiry }: SettingScope, input: Sdk.UpdateTimeToLiveCommandInput) {
  const { ttlAttribute, ...rest } = store.table(input.TableName);
  const { AttributeName = '', Enabled = false } = input.TimeToLiveSpecification ?? {};
  if (Enabled === (ttlAttribute !== undefined))
    throw validationError(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  const table = Enabled ? { ...rest, ttlAttribute: AttributeName } : rest;
  await store.tables.put(table.name, table);
  await expiry.changed(table);
  return { TimeToLiveSpecification: { AttributeName, Enabled } };
}

function describeTimeToLive({ store }: SettingScope, input: Sdk.DescribeTimeToLiveCommandInput) {
  const { ttlAttribute } = store.table(input.TableName);
  return {
    TimeToLiveDescription:
      ttlAttribute === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute },
  };
}

async function updateContinuousBackups({ store, backups }: SettingScope, input: Sdk.UpdateContinuousBackupsCommandInput) {
  const pointInTimeRecovery = input.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true;
  const table = { ...store.table(input.TableName), pointInTimeRecovery };
  await store.tables.put(table.name, table);
  return backups(table);
}

function tagResource({ retag }: SettingScope, input: Sdk.TagResourceCommandInput) {
  return retag(input.ResourceArn, (tags) => ({
    ...tags,
    ...Object.fromEntries((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  }));
}

function untagResource({ retag }: SettingScope, input: Sdk.UntagResourceCommandInput) {
  return retag(input.ResourceArn, (tags) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !input.TagKeys?.includes(key))),
  );
}

function listTagsOfResource({ store }: SettingScope, input: Sdk.ListTagsOfResourceCommandInput) {
  return {
    Tags: Object.entries(store.table(input.ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

/** Time to live, point-in-time recovery, tags. */
function settingOperations(cloud: Cloud, store: DynamoStore, expiry: Expiry): Operations {
  const scope = settingScope(cloud, store, expiry);
  const { backups } = scope;
  return {
    UpdateTimeToLive: (input: Sdk.UpdateTimeToLiveCommandInput) => updateTimeToLive(scope, input),
    DescribeTimeToLive: (input: Sdk.DescribeTimeToLiveCommandInput) => describeTimeToLive(scope, input),
    UpdateContinuousBackups: (input: Sdk.UpdateContinuousBackupsCommandInput) => updateContinuousBackups(scope, input),
    DescribeContinuousBackups: (input: Sdk.DescribeContinuousBackupsCommandInput) => backups(store.table(input.TableName)),
    TagResource: (input: Sdk.TagResourceCommandInput) => tagResource(scope, input),
    UntagResource: (input: Sdk.UntagResourceCommandInput) => untagResource(scope, input),
    ListTagsOfResource: (input: Sdk.ListTagsOfResourceCommandInput) => listTagsOfResource(scope, input),
  };
}
