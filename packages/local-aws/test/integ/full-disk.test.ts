import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { failure } from '../support/cloud-bench';
import { KilledCloud } from './killed-cloud';

const ROOM_BYTES = 300_000;
const TEXT = 'x'.repeat(20_000);

let cloud: KilledCloud;
const acknowledged: string[] = [];

const dynamo = (): DynamoDBClient => cloud.client(DynamoDBClient);
const s3 = (): S3Client => cloud.client(S3Client);

/** A limit to the size of the server's files, which needs no rights and no file system of its own, stands for the end of the disk. */
function limitFiles(limit: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(cloud.pid), `--fsize=${limit}:`]);
}

beforeAll(async () => {
  cloud = await KilledCloud.start();
  await s3().send(new CreateBucketCommand({ Bucket: 'kept' }));
  await dynamo().send(
    new CreateTableCommand({
      TableName: 'kept',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await s3().send(new PutObjectCommand({ Bucket: 'kept', Key: 'before', Body: TEXT }));
});
afterAll(() => cloud.stop());

async function put(id: string): Promise<void> {
  await dynamo().send(new PutItemCommand({ TableName: 'kept', Item: { id: { S: id }, text: { S: TEXT } } }));
  acknowledged.push(id);
}

async function missing(): Promise<string[]> {
  const absent: string[] = [];
  for (const id of acknowledged) {
    const { Item } = await dynamo().send(new GetItemCommand({ TableName: 'kept', Key: { id: { S: id } }, ConsistentRead: true }));
    if (Item?.text?.S !== TEXT) absent.push(id);
  }
  return absent;
}

const putObject = (Key: string): Promise<unknown> =>
  s3().send(new PutObjectCommand({ Bucket: 'kept', Key, Body: Buffer.alloc(20 * ROOM_BYTES, Key) }));

test('a full disk answers 503 and names itself, loses nothing, and is forgotten when there is room again', async () => {
  limitFiles(statSync(join(cloud.stateDir, 'store.mdb')).size + ROOM_BYTES);
  const fill = async (): Promise<void> => {
    for (let index = 0; ; index += 1) await put(`full-${index}`);
  };
  const full = { name: 'ServiceUnavailable', status: 503, message: expect.stringContaining('the disk is full') };
  expect(await failure(fill())).toMatchObject(full);
  expect(await failure(putObject('large'))).toMatchObject(full);
  for (let index = 0; index < 5; index += 1) await put(`more-${index}`).catch(() => undefined);

  expect(acknowledged.length).toBeGreaterThan(2);
  expect(await missing()).toEqual([]);
  const { Body } = await s3().send(new GetObjectCommand({ Bucket: 'kept', Key: 'before' }));
  expect(await Body?.transformToString()).toBe(TEXT);

  limitFiles('unlimited');
  await put('room again');
  await putObject('large');
  await cloud.kill();
  await cloud.run();
  expect(await missing()).toEqual([]);
});
