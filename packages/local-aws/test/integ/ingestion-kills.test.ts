import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, DescribeStreamSummaryCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { CreateEventSourceMappingCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { sourceZip } from '../../src/services/lambda/source-zip';
import { KilledCloud } from './killed-cloud';
import { eventually, limitOf, pause, planOf, underKills } from './killing';

const PLAN = planOf('INGESTION_KILLS', 4, 620);
const SOURCE = `const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
exports.handler = async ({ Records }) => {
  for (const { kinesis } of Records)
    await client.send(new PutItemCommand({ TableName: 'arrived', Item: { id: { S: Buffer.from(kinesis.data, 'base64').toString() } } }));
};`;

let cloud: KilledCloud;
const acknowledged: string[] = [];
const attempted = new Set<string>();

const kinesis = (): KinesisClient => cloud.client(KinesisClient);
const dynamodb = (): DynamoDBClient => cloud.client(DynamoDBClient);

beforeAll(async () => {
  cloud = await KilledCloud.start();
  await kinesis().send(new CreateStreamCommand({ StreamName: 's', ShardCount: 2 }));
  await dynamodb().send(
    new CreateTableCommand({
      TableName: 'arrived',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  const Code = { ZipFile: sourceZip('index.js', SOURCE) };
  const Role = await cloud.role('f', 'lambda');
  const lambda = cloud.client(LambdaClient);
  await lambda.send(
    new CreateFunctionCommand({ FunctionName: 'f', Runtime: 'nodejs24.x', Handler: 'index.handler', Role, Code, Timeout: 30 }),
  );
  const summary = await kinesis().send(new DescribeStreamSummaryCommand({ StreamName: 's' }));
  const EventSourceArn = summary.StreamDescriptionSummary?.StreamARN;
  await lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: 'f', EventSourceArn, StartingPosition: 'TRIM_HORIZON', BatchSize: 20 }),
  );
  await eventually(async () => {
    const { StreamDescriptionSummary: summary } = await kinesis().send(new DescribeStreamSummaryCommand({ StreamName: 's' }));
    return summary?.StreamStatus === 'ACTIVE' ? true : undefined;
  });
});
afterAll(() => cloud.stop());

async function arrived(): Promise<Set<string>> {
  const ids = new Set<string>();
  let start: Record<string, never> | undefined;
  do {
    const page = await dynamodb().send(new ScanCommand({ TableName: 'arrived', ...(start && { ExclusiveStartKey: start }) }));
    for (const item of page.Items ?? []) ids.add(item.id?.S ?? '');
    start = page.LastEvaluatedKey as Record<string, never> | undefined;
  } while (start !== undefined);
  return ids;
}

async function work(round: number, isDown: () => boolean): Promise<void> {
  const client = kinesis();
  for (let index = 0; !isDown(); index += 1) {
    const ids = [0, 1, 2].map((part) => `${round}-${index}-${part}`);
    for (const id of ids) attempted.add(id);
    const Records = ids.map((id) => ({ PartitionKey: id, Data: Buffer.from(id) }));
    const answer = await client.send(new PutRecordsCommand({ StreamName: 's', Records })).catch(() => undefined);
    if (answer?.FailedRecordCount === 0) acknowledged.push(...ids);
    await pause(2);
  }
}

test(
  `every acknowledged record reaches the table through its function, over ${PLAN.kills} kills in mid-ingestion`,
  async () => {
    await underKills(cloud, PLAN, { work, check: async () => undefined });

    const ids = await eventually(async () => {
      const found = await arrived();
      return acknowledged.every((id) => found.has(id)) ? found : undefined;
    });
    expect(acknowledged.length).toBeGreaterThan(PLAN.kills);
    expect([...ids].filter((id) => !attempted.has(id))).toEqual([]);
  },
  limitOf(PLAN),
);
