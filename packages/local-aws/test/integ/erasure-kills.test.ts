import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateFeatureGroupCommand, DescribeFeatureGroupCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import {
  BatchGetRecordCommand,
  DeleteRecordCommand,
  PutRecordCommand,
  SageMakerFeatureStoreRuntimeClient,
} from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { KilledCloud } from './killed-cloud';
import { eventually, limitOf, planOf, underKills } from './killing';

const PLAN = planOf('ERASURE_KILLS', 3, 150, 0.2);
const PER_CALL = 8;
const CALLS = [0, 1, 2, 3, 4, 5];
const numbers = Array.from({ length: PER_CALL }, (_, index) => index);

let cloud: KilledCloud;
let objects = new Map<string, string>();
/** What each kind of erasure names; a call is acknowledged, or all of it or nothing may have happened. */
type Kind = 'objects' | 'versions' | 'batch' | 'transaction' | 'records';
let acknowledged = new Set<string>();
let asked = new Set<string>();
let erasures = 0;

const s3 = (): S3Client => cloud.client(S3Client);
const dynamo = (): DynamoDBClient => cloud.client(DynamoDBClient);
const records = (): SageMakerFeatureStoreRuntimeClient => cloud.client(SageMakerFeatureStoreRuntimeClient);

beforeAll(async () => {
  cloud = await KilledCloud.start();
  const RoleArn = await cloud.role('features', 'sagemaker');
  for (const Bucket of ['plain', 'kept']) await s3().send(new CreateBucketCommand({ Bucket }));
  await s3().send(new PutBucketVersioningCommand({ Bucket: 'kept', VersioningConfiguration: { Status: 'Enabled' } }));
  await dynamo().send(
    new CreateTableCommand({
      TableName: 'people',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await cloud.client(GlueClient).send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'sagemaker_featurestore' } }));
  await cloud.client(SageMakerClient).send(
    new CreateFeatureGroupCommand({
      FeatureGroupName: 'people',
      RecordIdentifierFeatureName: 'id',
      EventTimeFeatureName: 'at',
      FeatureDefinitions: [
        { FeatureName: 'id', FeatureType: 'String' },
        { FeatureName: 'at', FeatureType: 'String' },
      ],
      OnlineStoreConfig: { EnableOnlineStore: true },
      OfflineStoreConfig: { S3StorageConfig: { S3Uri: 's3://kept/offline' }, TableFormat: 'Iceberg' },
      RoleArn,
    }),
  );
  await eventually(async () => {
    const group = await cloud.client(SageMakerClient).send(new DescribeFeatureGroupCommand({ FeatureGroupName: 'people' }));
    if (group.FeatureGroupStatus === 'CreateFailed') throw new Error(group.FailureReason);
    return group.FeatureGroupStatus === 'Created' ? true : undefined;
  });
});
afterAll(() => cloud.stop());

/** A call of each kind; records are erased one by one. */
const idsOf = (kind: Kind, round: number, call: number): string[] =>
  numbers.slice(0, kind === 'records' ? 1 : PER_CALL).map((index) => `${kind}-${round}-${call}-${index}`);
const item = (id: string): { id: { S: string } } => ({ id: { S: id } });

async function make(kind: Kind, ids: readonly string[]): Promise<void> {
  if (kind === 'objects' || kind === 'versions') {
    const Bucket = kind === 'objects' ? 'plain' : 'kept';
    const put = ids.map((Key) => s3().send(new PutObjectCommand({ Bucket, Key, Body: Key.repeat(50) })));
    for (const [index, { VersionId = '' }] of (await Promise.all(put)).entries()) objects.set(ids[index] ?? '', VersionId);
  } else if (kind === 'records')
    for (const id of ids) {
      const Record = [
        { FeatureName: 'id', ValueAsString: id },
        { FeatureName: 'at', ValueAsString: '2020-01-01T00:00:00Z' },
      ];
      await records().send(new PutRecordCommand({ FeatureGroupName: 'people', Record }));
    }
  else
    await dynamo().send(
      new BatchWriteItemCommand({ RequestItems: { people: ids.map((id) => ({ PutRequest: { Item: item(id) } })) } }),
    );
}

const ERASE: Readonly<Record<Kind, (ids: readonly string[]) => Promise<unknown>>> = {
  objects: (ids) => s3().send(new DeleteObjectsCommand({ Bucket: 'plain', Delete: { Objects: ids.map((Key) => ({ Key })) } })),
  versions: (ids) =>
    s3().send(
      new DeleteObjectsCommand({ Bucket: 'kept', Delete: { Objects: ids.map((Key) => ({ Key, VersionId: objects.get(Key) })) } }),
    ),
  batch: (ids) =>
    dynamo().send(
      new BatchWriteItemCommand({ RequestItems: { people: ids.map((id) => ({ DeleteRequest: { Key: item(id) } })) } }),
    ),
  transaction: (ids) =>
    dynamo().send(
      new TransactWriteItemsCommand({ TransactItems: ids.map((id) => ({ Delete: { TableName: 'people', Key: item(id) } })) }),
    ),
  // One call per record.
  records: async (ids) => {
    const [id = ''] = ids;
    await records().send(
      new DeleteRecordCommand({
        FeatureGroupName: 'people',
        RecordIdentifierValueAsString: id,
        EventTime: '2020-01-02T00:00:00Z',
        DeletionMode: 'HardDelete',
      }),
    );
  },
};
const KINDS = Object.keys(ERASE) as Kind[];

async function prepare(round: number): Promise<void> {
  [objects, acknowledged, asked] = [new Map(), new Set(), new Set()];
  for (const call of CALLS) await Promise.all(KINDS.map((kind) => make(kind, idsOf(kind, round, call))));
}

/** Erases, each kind beside the others, until the cloud is down. */
async function work(round: number, isDown: () => boolean): Promise<void> {
  const eraser = async (kind: Kind): Promise<void> => {
    for (const call of CALLS) {
      if (isDown()) return;
      asked.add(`${kind}-${round}-${call}-`);
      await ERASE[kind](idsOf(kind, round, call));
      erasures += 1;
      acknowledged.add(`${kind}-${round}-${call}-`);
    }
  };
  await Promise.all(KINDS.map((kind) => eraser(kind).catch(() => undefined)));
}

async function present(round: number): Promise<string[]> {
  const found: string[] = [];
  for (const [Bucket, kind] of [
    ['plain', 'objects'],
    ['kept', 'versions'],
  ] as const)
    for (const { Key = '' } of await versions(Bucket, `${kind}-${round}-`)) found.push(Key);
  let ExclusiveStartKey: Record<string, never> | undefined;
  do {
    const page = await dynamo().send(new ScanCommand({ TableName: 'people', ...(ExclusiveStartKey && { ExclusiveStartKey }) }));
    for (const { id } of page.Items ?? []) found.push(id?.S ?? '');
    ExclusiveStartKey = page.LastEvaluatedKey as Record<string, never> | undefined;
  } while (ExclusiveStartKey !== undefined);
  const calls = [...asked].filter((call) => call.startsWith('records-')).map((call) => `${call}0`);
  for (let at = 0; at < calls.length; at += 100) {
    const Identifiers = [{ FeatureGroupName: 'people', RecordIdentifiersValueAsString: calls.slice(at, at + 100) }];
    const { Records = [] } = await records().send(new BatchGetRecordCommand({ Identifiers }));
    for (const { RecordIdentifierValueAsString = '' } of Records) found.push(RecordIdentifierValueAsString);
  }
  return found;
}

interface Version {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}

async function versions(Bucket: string, Prefix = ''): Promise<Version[]> {
  const found: Version[] = [];
  let place: object = {};
  for (;;) {
    const page = await s3().send(new ListObjectVersionsCommand({ Bucket, Prefix, ...place }));
    found.push(...(page.Versions ?? []));
    if (page.IsTruncated !== true) return found;
    place = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

const filesOnDisk = (): number => {
  const entries = readdirSync(join(cloud.stateDir, 's3'), { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).length;
};

async function check(round: number): Promise<void> {
  const left = await present(round);
  const callOf = (id: string): string => id.slice(0, id.lastIndexOf('-') + 1);
  const counts = new Map<string, number>();
  for (const id of left) counts.set(callOf(id), (counts.get(callOf(id)) ?? 0) + 1);
  expect([...acknowledged].filter((call) => counts.has(call))).toEqual([]);
  // Of what was asked for and not acknowledged, all is there or nothing.
  const half = [...asked].filter((call) => {
    const count = counts.get(call) ?? 0;
    return !call.startsWith('records-') && count !== 0 && count !== PER_CALL;
  });
  expect(half).toEqual([]);
  const count = (await versions('plain')).length + (await versions('kept')).length;
  await eventually(async () => (filesOnDisk() === count ? true : undefined), 5000);
  // Room for the next round: what is left is taken away.
  for (const Bucket of ['plain', 'kept']) {
    const Objects = (await versions(Bucket)).map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length > 0) await s3().send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
}

test(
  `what was erased stays erased over ${PLAN.kills} kills: no call is half done, and no bytes stay on disk`,
  async () => {
    await underKills(cloud, PLAN, { prepare, work, check });

    expect(erasures).toBeGreaterThan(0);
  },
  limitOf(PLAN),
);
