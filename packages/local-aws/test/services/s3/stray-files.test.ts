import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CloudBench, failure } from '../../support/cloud-bench';

let bench: CloudBench;
const Bucket = 'kept';

beforeAll(async () => {
  bench = await CloudBench.start();
  const s3 = await bench.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => bench.stop());

const files = (): string[] =>
  readdirSync(join(bench.stateDir, 's3'), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

async function put(Key: string, more: object = {}): Promise<string> {
  const before = new Set(files());
  await (await bench.client(S3Client)).send(new PutObjectCommand({ Bucket, Key, Body: 'the bytes of an object', ...more }));
  return files().find((file) => !before.has(file)) ?? '';
}

const get = async (Key: string): Promise<string | undefined> =>
  (await (await bench.client(S3Client)).send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

test('what a killed server left on disk is gone after the next start, and objects stay', async () => {
  const kept = await put('kept');
  const folder = join(bench.stateDir, 's3', 'zz');

  await bench.restart(() => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'stray'), 'erased');
    writeFileSync(join(folder, 'stray.part'), 'half');
  });
  while (files().some((file) => file.startsWith(folder))) await new Promise((resolve) => setTimeout(resolve, 5));

  expect(files()).toEqual([kept]);
  expect(await get('kept')).toBe('the bytes of an object');
});

test.each([
  ['a flipped byte', {}, (file: string) => writeFileSync(file, flipped(readFileSync(file))), 'are not those that were written'],
  ['a cut file', {}, (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 5)), 'are not those that were written'],
  ['a lost file', {}, (file: string) => rmSync(file), 'it is gone'],
  [
    'a flipped byte of a sealed object',
    { ServerSideEncryption: 'aws:kms' },
    (file: string) => writeFileSync(file, flipped(readFileSync(file))),
    'are not those that were written',
  ],
])('%s fails the read of its object and names the file', async (name, more, damage, reason) => {
  const file = await put(name, more);
  damage(file);

  const error = await failure(get(name));

  expect(error).toMatchObject({ name: 'InternalError', status: 500 });
  expect(error.message).toContain(file);
  expect(error.message).toContain(reason);
});

function flipped(bytes: Buffer): Buffer {
  bytes.writeUInt8(bytes.readUInt8(9) ^ 4, 9);
  return bytes;
}
