import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CloudBench, failure } from '../../support/cloud-bench';

const DAY_MS = 86_400_000;
const CONTEXT = { table: 'customers', row: '7' };
let bench: CloudBench;
let client: KMSClient;
let s3: S3Client;

beforeAll(async () => {
  bench = await CloudBench.start();
  client = await bench.client(KMSClient);
  s3 = await bench.client(S3Client);
});
afterAll(() => bench.stop());

async function key(): Promise<{ id: string; arn: string }> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  return { id: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' };
}
const encrypt = async (KeyId: string, text: string, EncryptionContext?: Record<string, string>): Promise<Uint8Array> => {
  const input = { KeyId, Plaintext: Buffer.from(text), ...(EncryptionContext === undefined ? {} : { EncryptionContext }) };
  return (await client.send(new EncryptCommand(input))).CiphertextBlob ?? new Uint8Array();
};
const decrypt = async (CiphertextBlob: Uint8Array, more: object = {}): Promise<string> =>
  Buffer.from((await client.send(new DecryptCommand({ CiphertextBlob, ...more }))).Plaintext ?? []).toString();
const state = async (KeyId: string) => (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;

test('what a key encrypts it decrypts, in the same context only, in any order of its pairs', async () => {
  const { id, arn } = await key();
  const blob = await encrypt(arn, 'secret', CONTEXT);

  expect(Buffer.from(blob).includes('secret')).toBe(false);
  expect(await decrypt(blob, { EncryptionContext: { row: '7', table: 'customers' } })).toBe('secret');
  expect(await decrypt(blob, { EncryptionContext: CONTEXT, KeyId: id })).toBe('secret');
  expect(Buffer.from(await encrypt(id, 'secret', CONTEXT)).equals(Buffer.from(blob))).toBe(false);
  for (const EncryptionContext of [undefined, {}, { table: 'customers' }, { ...CONTEXT, row: '8' }, { ...CONTEXT, more: '' }])
    expect(await failure(decrypt(blob, { EncryptionContext }))).toMatchObject({ name: 'InvalidCiphertextException' });
});

test('no byte of a ciphertext can be changed, and noise is none', async () => {
  const { id } = await key();
  const blob = await encrypt(id, 'secret');
  for (let index = 0; index < blob.length; index += 1) {
    const flipped = Uint8Array.from(blob);
    flipped[index] = (flipped[index] ?? 0) ^ 0x80;
    expect((await failure(decrypt(flipped))).name).toBe('InvalidCiphertextException');
  }
  for (const noise of [Buffer.from('x'), Buffer.alloc(100, 1), blob.slice(0, -1)])
    expect((await failure(decrypt(noise))).name).toMatch(/^(InvalidCiphertextException|NotFoundException)$/);
});

test('a ciphertext is of its key: another one is named incorrect, an unknown one not found, too much text refused', async () => {
  const [one, other] = [await key(), await key()];
  const blob = await encrypt(one.id, 'secret');

  expect(await failure(decrypt(blob, { KeyId: other.id }))).toMatchObject({ name: 'IncorrectKeyException' });
  expect(await failure(encrypt('00000000-0000-0000-0000-000000000000', 'x'))).toMatchObject({ name: 'NotFoundException' });
  expect(await failure(encrypt(one.id, 'x'.repeat(4097)))).toMatchObject({ name: 'ValidationException' });
  expect(await decrypt(await encrypt(one.id, 'x'.repeat(4096)))).toHaveLength(4096);
});

test('a data key opens what it sealed', async () => {
  const { id, arn } = await key();
  const made = await client.send(new GenerateDataKeyCommand({ KeyId: id, KeySpec: 'AES_256', EncryptionContext: CONTEXT }));

  expect([made.KeyId, made.Plaintext?.length]).toEqual([arn, 32]);
  const opened = await client.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob, EncryptionContext: CONTEXT }));
  expect(opened.Plaintext).toEqual(made.Plaintext);
});

test('a disabled key neither encrypts nor decrypts until it is enabled again', async () => {
  const { id, arn } = await key();
  const blob = await encrypt(id, 'secret');
  await client.send(new DisableKeyCommand({ KeyId: id }));

  const disabled = { name: 'DisabledException', message: `${arn} is disabled.` };
  expect(await failure(encrypt(id, 'x'))).toMatchObject(disabled);
  expect(await failure(decrypt(blob))).toMatchObject(disabled);
  expect(await state(id)).toBe('Disabled');
  await client.send(new EnableKeyCommand({ KeyId: id }));
  expect(await decrypt(blob)).toBe('secret');
});

test('a key that is pending deletion is of no use, can be saved, and is gone at the end of its window', async () => {
  const { id, arn } = await key();
  const blob = await encrypt(id, 'secret');
  const schedule = (PendingWindowInDays: number) =>
    client.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays }));
  expect(await failure(schedule(6))).toMatchObject({ name: 'ValidationException' });
  await schedule(7);

  const pending = { name: 'KMSInvalidStateException', message: `${arn} is pending deletion.` };
  for (const work of [
    () => encrypt(id, 'x'),
    () => decrypt(blob),
    () => schedule(7),
    () => client.send(new EnableKeyCommand({ KeyId: id })),
  ])
    expect(await failure(work())).toMatchObject(pending);
  expect(await state(id)).toBe('PendingDeletion');

  await client.send(new CancelKeyDeletionCommand({ KeyId: id }));
  expect(await state(id)).toBe('Disabled');
  await client.send(new EnableKeyCommand({ KeyId: id }));
  expect(await decrypt(blob)).toBe('secret');

  await schedule(7);
  await bench.cloud.clock.advance(7 * DAY_MS);
  expect(await failure(decrypt(blob))).toMatchObject({ name: 'NotFoundException' });
});

test('an alias stands for a key, can be pointed at another one, and must exist for that', async () => {
  const [one, other] = [await key(), await key()];
  await client.send(new CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: one.id }));
  const blob = await encrypt('alias/mine', 'secret');
  await client.send(new UpdateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: other.id }));

  expect(await decrypt(blob)).toBe('secret');
  expect((await client.send(new EncryptCommand({ KeyId: 'alias/mine', Plaintext: Buffer.from('x') }))).KeyId).toBe(other.arn);
  expect(await failure(client.send(new UpdateAliasCommand({ AliasName: 'alias/none', TargetKeyId: one.id })))).toMatchObject({
    name: 'NotFoundException',
  });
  expect(await failure(client.send(new CreateAliasCommand({ AliasName: 'alias/aws/mine', TargetKeyId: one.id })))).toMatchObject({
    name: 'NotAuthorizedException',
  });
  expect(await failure(client.send(new CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: one.id })))).toMatchObject({
    name: 'AlreadyExistsException',
  });
});

test.each([[true], [false]])(
  'objects under a key are unreadable and unwritable while it is disabled (bucket key: %s)',
  async (BucketKeyEnabled) => {
    const { id, arn } = await key();
    const Bucket = `sealed-${BucketKeyEnabled}`;
    await s3.send(new CreateBucketCommand({ Bucket }));
    const Rules = [
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: arn }, BucketKeyEnabled },
    ];
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
    const put = () => s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'plain text' }));
    const get = async () => (await s3.send(new GetObjectCommand({ Bucket, Key: 'k' }))).Body?.transformToString();

    expect(await put()).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn });
    expect(await get()).toBe('plain text');
    await client.send(new DisableKeyCommand({ KeyId: id }));
    const disabled = { name: 'KMS.DisabledException', message: `${arn} is disabled.`, status: 400 };
    expect(await failure(get())).toMatchObject(disabled);
    expect(await failure(put())).toMatchObject(disabled);
    await client.send(new EnableKeyCommand({ KeyId: id }));
    expect(await get()).toBe('plain text');
  },
);

test("first uses of one of AWS's own keys at once make one key", async () => {
  const root = { kind: 'root' as const, arn: 'arn:aws:iam::000000000000:root', account: '000000000000', via: 'ssm' };
  const input = { KeyId: 'alias/aws/ssm', KeySpec: 'AES_256' };
  const count = async (): Promise<number> =>
    (await bench.cloud.call<{ Keys: object[] }>('kms', 'ListKeys', {}, root)).Keys.length;
  const before = await count();

  await Promise.all([1, 2, 3].map(() => bench.cloud.call('kms', 'GenerateDataKey', input, root)));

  expect(await count()).toBe(before + 1);
});
