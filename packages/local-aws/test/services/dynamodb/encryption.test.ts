import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CloudBench, failure } from '../../support/cloud-bench';

let bench: CloudBench;
beforeAll(async () => {
  bench = await CloudBench.start();
});
afterAll(() => bench.stop());

test('a table whose key cannot be used does not come into being', async () => {
  const kms = await bench.client(KMSClient);
  const dynamo = await bench.client(DynamoDBClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
  const create = new CreateTableCommand({
    TableName: 'closed',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: KeyMetadata?.Arn },
  });

  expect((await failure(dynamo.send(create))).message).toContain('is disabled');
  expect((await failure(dynamo.send(new DescribeTableCommand({ TableName: 'closed' })))).name).toBe('ResourceNotFoundException');
});
