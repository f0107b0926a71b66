import type * as Sdk from '@aws-sdk/client-dynamodb';
import { keyAttributes } from './keys';
import type { IndexRecord, KeyShape, TableRecord } from './records';
import type { DynamoStore } from './store';

function schema({ partition, sort }: KeyShape): Sdk.KeySchemaElement[] {
  const hash = { AttributeName: partition.name, KeyType: 'HASH' as const };
  return sort === undefined ? [hash] : [hash, { AttributeName: sort.name, KeyType: 'RANGE' as const }];
}

function throughput(table: TableRecord): Sdk.ProvisionedThroughputDescription {
  return {
    NumberOfDecreasesToday: 0,
    ReadCapacityUnits: table.provisioned?.read ?? 0,
    WriteCapacityUnits: table.provisioned?.write ?? 0,
  };
}

function describeIndex(store: DynamoStore, table: TableRecord, index: IndexRecord): Sdk.GlobalSecondaryIndexDescription {
  const NonKeyAttributes = index.included.length === 0 ? {} : { NonKeyAttributes: [...index.included] };
  return {
    IndexName: index.name,
    IndexArn: `${store.arn(table.name)}/index/${index.name}`,
    IndexStatus: 'ACTIVE',
    KeySchema: schema(index),
    Projection: { ProjectionType: index.projection, ...NonKeyAttributes },
    ProvisionedThroughput: throughput(table),
  };
}

/** AWS's view of a table. Its counts are as those of AWS: not of this moment (AWS refreshes them every six hours). */
export function describeTable(store: DynamoStore, table: TableRecord): Sdk.TableDescription {
  const attributes = new Map([table, ...table.indexes].flatMap(keyAttributes).map(({ name, type }) => [name, type]));
  const indexes = table.indexes.map((index) => describeIndex(store, table, index));
  const sse: Sdk.SSEDescription | undefined =
    table.keyArn === undefined ? undefined : { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: table.keyArn };
  return {
    TableName: table.name,
    TableArn: store.arn(table.name),
    TableId: table.id,
    TableStatus: 'ACTIVE',
    CreationDateTime: new Date(table.created),
    KeySchema: schema(table),
    AttributeDefinitions: [...attributes].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    BillingModeSummary: { BillingMode: table.provisioned === undefined ? 'PAY_PER_REQUEST' : 'PROVISIONED' },
    ProvisionedThroughput: throughput(table),
    DeletionProtectionEnabled: table.deletionProtection,
    ItemCount: 0,
    TableSizeBytes: 0,
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
    ...(sse === undefined ? {} : { SSEDescription: sse }),
  };
}
