import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateFeatureGroupCommand, DescribeFeatureGroupCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import {
  BatchGetRecordCommand,
  GetRecordCommand,
  PutRecordCommand,
  SageMakerFeatureStoreRuntimeClient,
} from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { CloudBench, failure } from '../../../support/cloud-bench';
import { makeRole } from '../../../support/role';

const FeatureGroupName = 'flights';
const FIVE_MINUTES = 5 * 60_000;

let bench: CloudBench;
let keyArn: string;
beforeAll(async () => {
  bench = await CloudBench.start();
  const kms = await bench.client(KMSClient);
  keyArn = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
  const sagemaker = await bench.client(SageMakerClient);
  await sagemaker.send(
    new CreateFeatureGroupCommand({
      FeatureGroupName,
      RecordIdentifierFeatureName: 'id',
      EventTimeFeatureName: 'at',
      FeatureDefinitions: ['id', 'at'].map((FeatureName) => ({ FeatureName, FeatureType: 'String' as const })),
      OnlineStoreConfig: { EnableOnlineStore: true, SecurityConfig: { KmsKeyId: keyArn } },
    }),
  );
  const { FeatureGroupStatus } = await sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName }));
  expect(FeatureGroupStatus).toBe('Created');
});
afterAll(() => bench.stop());

async function acting(role: string, kms: readonly string[]): Promise<SageMakerFeatureStoreRuntimeClient> {
  const statements = [
    { Effect: 'Allow' as const, Action: 'sagemaker:*', Resource: '*' },
    ...kms.map((action) => ({ Effect: 'Allow' as const, Action: `kms:${action}`, Resource: keyArn })),
  ];
  const arn = await makeRole(bench.cloud, role, ['lambda'], statements);
  return bench.client(SageMakerFeatureStoreRuntimeClient, { credentials: await bench.cloud.identities.assume(arn, 'one') });
}

const put = new PutRecordCommand({
  FeatureGroupName,
  Record: [
    { FeatureName: 'id', ValueAsString: 'a' },
    { FeatureName: 'at', ValueAsString: '2026-06-01T12:00:00Z' },
  ],
});
const get = new GetRecordCommand({ FeatureGroupName, RecordIdentifierValueAsString: 'a' });
const batch = new BatchGetRecordCommand({ Identifiers: [{ FeatureGroupName, RecordIdentifiersValueAsString: ['a'] }] });

test('writing asks the key for a data key in the name of who writes, and reading opens it', async () => {
  expect(await failure((await acting('stranger', [])).send(put))).toMatchObject({ name: 'AccessForbidden', status: 403 });

  const writer = await acting('writer', ['GenerateDataKey']);
  await writer.send(put);
  expect((await failure(writer.send(get))).message).toContain('kms:Decrypt');
  expect((await failure(writer.send(batch))).message).toContain('kms:Decrypt');

  const reader = await acting('reader', ['Decrypt']);
  expect((await reader.send(get)).Record).toHaveLength(2);
  expect((await reader.send(batch)).Records).toHaveLength(1);
  expect((await failure(reader.send(put))).message).toContain('kms:GenerateDataKey');
});

test('a disabled key closes the online store once the data keys have served their time', async () => {
  await (await bench.client(KMSClient)).send(new DisableKeyCommand({ KeyId: keyArn }));
  await bench.cloud.clock.advance(FIVE_MINUTES);
  const both = await bench.client(SageMakerFeatureStoreRuntimeClient);
  for (const refused of [await failure(both.send(get)), await failure(both.send(put))])
    expect(refused).toMatchObject({ name: 'ValidationError', message: expect.stringContaining('is disabled') });
});
