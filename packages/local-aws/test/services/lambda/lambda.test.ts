import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { LocalCloud } from '../../../src/server';
import { sourceZip } from '../../../src/services/lambda/source-zip';
import { makeRole } from '../../support/role';

const START = Date.UTC(2031, 5, 1);
const ROLE = 'arn:aws:iam::000000000000:role/function';
const stateDir = mkdtempSync(join(tmpdir(), 'lambda-'));
let cloud: LocalCloud;
let client: LambdaClient;
let kinesis: KinesisClient;

async function define(FunctionName: string, source: string, changes: object = {}): Promise<void> {
  await client.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: ROLE,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: sourceZip('index.js', source) },
      ...changes,
    }),
  );
}

async function invoke(FunctionName: string, event: unknown = {}, changes: object = {}) {
  const answer = await client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)), ...changes }));
  return { ...answer, value: answer.Payload?.length ? JSON.parse(answer.Payload.transformToString()) : undefined };
}

beforeAll(async () => {
  cloud = await LocalCloud.start({ stateDir, startAt: START });
  await makeRole(cloud, 'function', ['lambda']);
  const options = { region: cloud.region, endpoint: cloud.endpoint, credentials: await cloud.identities.root(), maxAttempts: 1 };
  client = new LambdaClient(options);
  kinesis = new KinesisClient(options);
});

afterAll(async () => {
  client.destroy();
  kinesis.destroy();
  await cloud.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

test('a function from a zip archive answers, on the simulated clock and the declared runtime', async () => {
  await define('echo', 'exports.handler = async (event) => ({ event, year: new Date().getFullYear(), node: process.version })');
  const { value, StatusCode, ExecutedVersion } = await invoke('echo', { a: 1 });

  expect(value).toMatchObject({ event: { a: 1 }, year: 2031, node: expect.stringMatching(/^v24\./) });
  expect([StatusCode, ExecutedVersion]).toEqual([200, '$LATEST']);
});

test('code is taken from S3, as assets are deployed', async () => {
  const s3 = new S3Client({
    region: cloud.region,
    endpoint: cloud.endpoint,
    credentials: await cloud.identities.root(),
    forcePathStyle: true,
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'assets', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  const Body = sourceZip('index.js', 'exports.handler = async () => "from s3"');
  await s3.send(new PutObjectCommand({ Bucket: 'assets', Key: 'a.zip', Body }));
  await define('asset', '', { Code: { S3Bucket: 'assets', S3Key: 'a.zip' } });
  s3.destroy();

  expect((await invoke('asset')).value).toBe('from s3');
  await expect(define('lost', '', { Code: { S3Bucket: 'assets', S3Key: 'b.zip' } })).rejects.toThrow(
    'Error occurred while GetObject. S3 Error Code: NoSuchKey.',
  );
});

test('errors of a function are answers; errors of a request are exceptions', async () => {
  await define('broken', 'exports.handler = async () => { throw new TypeError("no"); }');
  const { value, FunctionError, StatusCode } = await invoke('broken');

  expect([StatusCode, FunctionError, value.errorType, value.errorMessage]).toEqual([200, 'Unhandled', 'TypeError', 'no']);
  await expect(invoke('absent')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:eu-west-1:000000000000:function:absent',
  });
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'broken', ReservedConcurrentExecutions: 0 }));
  await expect(invoke('broken')).rejects.toMatchObject({ name: 'TooManyRequestsException', message: 'Rate Exceeded.' });
  await expect(define('layered', '', { Layers: ['arn:aws:lambda:eu-west-1:000000000000:layer:x:1'] })).rejects.toThrow(
    'The local AWS does not support layers.',
  );
});

test('a published version keeps its configuration when the function changes', async () => {
  await define('versioned', 'exports.handler = async () => process.env.WHAT', { Environment: { Variables: { WHAT: 'one' } } });
  const { Version } = await client.send(new PublishVersionCommand({ FunctionName: 'versioned' }));
  await client.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: 'versioned', Environment: { Variables: { WHAT: 'two' } } }),
  );

  expect(Version).toBe('1');
  expect((await invoke('versioned', {}, { Qualifier: '1' })).value).toBe('one');
  expect((await invoke('versioned')).value).toBe('two');
});

test('a stream reaches a function that its mapping names, in the event shape of Kinesis', async () => {
  await define(
    'sink',
    `const seen = []; exports.handler = async (event) => { if (event.Records) seen.push(...event.Records); else return seen; }`,
  );
  await kinesis.send(new CreateStreamCommand({ StreamName: 'events', ShardCount: 1 }));
  const EventSourceArn = `arn:aws:kinesis:eu-west-1:000000000000:stream/events`;
  const mapping = { FunctionName: 'sink', EventSourceArn, StartingPosition: 'TRIM_HORIZON' as const };
  const { UUID, State } = await client.send(new CreateEventSourceMappingCommand(mapping));
  const Records = ['one', 'two'].map((text) => ({ PartitionKey: text, Data: Buffer.from(text) }));
  await kinesis.send(new PutRecordsCommand({ StreamName: 'events', Records }));
  await cloud.clock.advance(1000);

  const { value } = await invoke('sink');
  expect([State, UUID?.length]).toEqual(['Creating', 36]);
  expect(value.map((record: { kinesis: { data: string } }) => Buffer.from(record.kinesis.data, 'base64').toString())).toEqual([
    'one',
    'two',
  ]);
  expect(value[0]).toMatchObject({
    eventSource: 'aws:kinesis',
    eventName: 'aws:kinesis:record',
    eventVersion: '1.0',
    eventSourceARN: EventSourceArn,
    awsRegion: 'eu-west-1',
    invokeIdentityArn: ROLE,
    eventID: expect.stringMatching(/^shardId-000000000000:\d{56}$/),
    kinesis: { partitionKey: 'one', kinesisSchemaVersion: '1.0', approximateArrivalTimestamp: expect.any(Number) },
  });
  await expect(client.send(new CreateEventSourceMappingCommand(mapping))).rejects.toMatchObject({
    name: 'ResourceConflictException',
  });
  await expect(
    client.send(new CreateEventSourceMappingCommand({ ...mapping, FunctionName: 'echo', ParallelizationFactor: 2 })),
  ).rejects.toThrow('The local AWS supports a ParallelizationFactor of 1 only.');
});

test("a function's own clients reach the local AWS, also those that speak HTTP/2", async () => {
  await kinesis.send(new CreateStreamCommand({ StreamName: 'own', ShardCount: 1 }));
  await define(
    'writer',
    `const { KinesisClient, PutRecordCommand } = require('@aws-sdk/client-kinesis');
     const client = new KinesisClient({});
     exports.handler = async (event) => (await client.send(new PutRecordCommand({ StreamName: 'own', PartitionKey: 'k', Data: Buffer.from('x') }))).ShardId;`,
    { Timeout: 10 },
  );

  expect((await invoke('writer')).value).toBe('shardId-000000000000');
});
