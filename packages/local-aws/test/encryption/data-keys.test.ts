import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { Caller } from '../../src/cloud';
import { DataKeys, PREFIXED_REFUSALS, type Sealed } from '../../src/encryption/data-keys';
import { CloudBench, failure } from '../support/cloud-bench';

const FIVE_MINUTES = 5 * 60_000;

let bench: CloudBench;
let kms: KMSClient;
let root: Caller;
let sealed: Sealed;
let keys: DataKeys;
/** What the service asked KMS for, as `operation by whom via which service`. */
let asked: string[];
let now: number;

beforeAll(async () => {
  bench = await CloudBench.start();
  kms = await bench.client(KMSClient);
  root = { kind: 'root', arn: `arn:aws:iam::${bench.cloud.account}:root`, account: bench.cloud.account };
});
afterAll(() => bench.stop());

beforeEach(async () => {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  sealed = { id: `stream-${KeyMetadata?.KeyId}`, keyId: KeyMetadata?.Arn ?? '', context: { 'aws:kinesis:arn': 'one' } };
  asked = [];
  now = Date.now();
  keys = new DataKeys(watched(), 'kinesis', PREFIXED_REFUSALS);
});

/** The cloud with a clock of ours, and its calls written down. */
function watched(): ConstructorParameters<typeof DataKeys>[0] {
  const { cloud } = bench;
  const call: typeof cloud.call = (service, operation, input, caller) => {
    asked.push(`${operation} by ${caller.kind} via ${caller.via}`);
    return cloud.call(service, operation, input, caller);
  };
  return Object.assign(Object.create(cloud) as typeof cloud, { call, clock: { now: () => now } });
}

const disable = () => kms.send(new DisableKeyCommand({ KeyId: sealed.keyId }));

test('a data key is made and opened in the name of who calls, through the service', async () => {
  await keys.make(sealed, root);
  await keys.open(sealed, root);
  expect(asked).toEqual(['GenerateDataKey by root via kinesis', 'Decrypt by root via kinesis']);
});

test('a data key serves one caller for five minutes', async () => {
  await keys.make(sealed, root);
  now += FIVE_MINUTES - 1;
  await keys.make(sealed, root);
  expect(asked).toHaveLength(1);
  now += 1;
  await keys.make(sealed, root);
  await keys.make(sealed, { ...root, arn: `${root.arn}/another` }).catch(() => undefined);
  expect(asked).toHaveLength(3);
});

test('a disabled key closes the resource once the data key has served its time, and opens it again', async () => {
  await keys.make(sealed, root);
  await keys.open(sealed, root);
  await disable();
  await keys.open(sealed, root);
  now += FIVE_MINUTES;
  const refused = await failure(keys.open(sealed, root));
  expect((await failure(keys.make(sealed, root))).message).toContain('is disabled');
  expect(refused.message).toContain('is disabled');

  await kms.send(new EnableKeyCommand({ KeyId: sealed.keyId }));
  await keys.open(sealed, root);
});

test("the errors of KMS carry the service's codes, and stay as they are where it has none", async () => {
  await disable();
  expect(await keys.make(sealed, root).catch((error) => error.code)).toBe('KMSDisabledException');
  const plain = new DataKeys(bench.cloud, 'dynamodb');
  expect(await plain.make(sealed, root).catch((error) => error.code)).toBe('DisabledException');
});

test('a data key opens under its own encryption context only, and nothing to open is no fault', async () => {
  await keys.open(sealed, root);
  expect(asked).toEqual([]);
  await keys.make(sealed, root);
  const other = { ...sealed, context: { 'aws:kinesis:arn': 'two' } };
  expect(await keys.open(other, root).catch((error) => error.code)).toBe('InvalidCiphertextException');
});

test('data keys outlast the process: another one opens what was made', async () => {
  await keys.make(sealed, root);
  await new DataKeys(watched(), 'kinesis').open(sealed, root);
  expect(asked).toEqual(['GenerateDataKey by root via kinesis', 'Decrypt by root via kinesis']);
});
