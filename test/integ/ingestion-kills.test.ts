import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateStreamCommand, DescribeStreamSummaryCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { CreateEventSourceMappingCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { sourceZip } from '../../local/services/lambda/source-zip';

const ROOT = join(__dirname, '..', '..');
const KILLS = Number(process.env.INGESTION_KILLS ?? 4);
const LIMIT_MS = 60_000 + KILLS * 10_000;
const ARRIVAL_MS = 30_000;
const folder = mkdtempSync(join(tmpdir(), 'ingestion-'));
const stateDir = join(folder, 'state');
const SOURCE = `const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
exports.handler = async ({ Records }) => {
  for (const { kinesis } of Records)
    await client.send(new PutItemCommand({ TableName: 'arrived', Item: { id: { S: Buffer.from(kinesis.data, 'base64').toString() } } }));
};`;

let child: ChildProcess | undefined;

async function start() {
  child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'local', 'main.ts'), '--state', stateDir], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const started = child;
  const ended = new Promise<void>((resolve) => started.once('exit', () => resolve()));
  const message = await new Promise<object>((resolve) => started.once('message', (value) => resolve(value as object)));
  expect(message).toEqual({ ready: true });
  const { endpoint, region, credentials } = JSON.parse(readFileSync(join(stateDir, 'server.json'), 'utf8'));
  const options = { endpoint, region, credentials, maxAttempts: 1 };
  const kill = async (): Promise<void> => {
    started.kill('SIGKILL');
    await ended;
  };
  return {
    kill,
    kinesis: new KinesisClient(options),
    dynamodb: new DynamoDBClient(options),
    lambda: new LambdaClient(options),
    iam: new IAMClient(options),
  };
}

type Server = Awaited<ReturnType<typeof start>>;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + ARRIVAL_MS;
  while (!(await isTrue())) {
    if (Date.now() > deadline) return;
    await pause(100);
  }
}

async function role(iam: IAMClient): Promise<string> {
  const document = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
  const Principal = { Service: 'lambda.amazonaws.com' };
  const AssumeRolePolicyDocument = document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'f', AssumeRolePolicyDocument }));
  const Action = ['kinesis:Describe*', 'kinesis:Get*', 'kinesis:ListShards', 'dynamodb:PutItem', 'logs:*'];
  const PolicyDocument = document({ Effect: 'Allow', Action, Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'f', PolicyName: 'rights', PolicyDocument }));
  return Role?.Arn ?? '';
}

async function prepare({ kinesis, dynamodb, lambda, iam }: Server): Promise<void> {
  await kinesis.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 2 }));
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'arrived',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  const Code = { ZipFile: sourceZip('index.js', SOURCE) };
  const Role = await role(iam);
  await lambda.send(
    new CreateFunctionCommand({ FunctionName: 'f', Runtime: 'nodejs24.x', Handler: 'index.handler', Role, Code, Timeout: 30 }),
  );
  const summary = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 's' }));
  const EventSourceArn = summary.StreamDescriptionSummary?.StreamARN;
  await lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: 'f', EventSourceArn, StartingPosition: 'TRIM_HORIZON', BatchSize: 20 }),
  );
}

async function arrived({ dynamodb }: Server): Promise<Set<string>> {
  const ids = new Set<string>();
  let start: Record<string, never> | undefined;
  do {
    const page = await dynamodb.send(new ScanCommand({ TableName: 'arrived', ...(start && { ExclusiveStartKey: start }) }));
    for (const item of page.Items ?? []) ids.add(item.id?.S ?? '');
    start = page.LastEvaluatedKey as Record<string, never> | undefined;
  } while (start !== undefined);
  return ids;
}

/** A small generator with a fixed seed (Lehmer), for the instants of the kills. */
function instants(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return 20 + (state % 600);
  };
}

afterAll(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test(
  `every acknowledged record reaches the table through its function, over ${KILLS} kills in mid-ingestion`,
  async () => {
    const acknowledged: string[] = [];
    const attempted = new Set<string>();
    const nextInstant = instants(42);
    let server = await start();
    await prepare(server);
    await until(
      async () =>
        (await server.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 's' }))).StreamDescriptionSummary
          ?.StreamStatus === 'ACTIVE',
    );

    for (let round = 0; round < KILLS; round += 1) {
      let isDown = false;
      const put = async (): Promise<void> => {
        for (let index = 0; !isDown; index += 1) {
          const ids = [0, 1, 2].map((part) => `${round}-${index}-${part}`);
          for (const id of ids) attempted.add(id);
          const Records = ids.map((id) => ({ PartitionKey: id, Data: Buffer.from(id) }));
          const answer = await server.kinesis.send(new PutRecordsCommand({ StreamName: 's', Records })).catch(() => undefined);
          if (answer?.FailedRecordCount === 0) acknowledged.push(...ids);
          await pause(2);
        }
      };
      const putting = put();
      await pause(nextInstant());
      await server.kill();
      isDown = true;
      await putting;
      server = await start();
    }

    await until(async () => {
      const ids = await arrived(server);
      return acknowledged.every((id) => ids.has(id));
    });
    const ids = await arrived(server);
    await server.kill();

    expect(acknowledged.length).toBeGreaterThan(KILLS);
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    expect([...ids].filter((id) => !attempted.has(id))).toEqual([]);
  },
  LIMIT_MS,
);
