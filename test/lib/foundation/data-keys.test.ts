import { exampleTemplates } from '../../support/example-templates';
import { textOf } from '../../support/stage-templates';

const templates = exampleTemplates();
const KEYS = ['KeysLake', 'KeysFeatures', 'KeysModels', 'KeysLogs'];

/** Statements of a key's own policy. */
function policyOf(key: string): unknown[] {
  return (templates.properties('prod', 'foundation', key).KeyPolicy as { Statement: unknown[] }).Statement;
}

const ACCOUNT_DECIDES = {
  Effect: 'Allow',
  Action: 'kms:*',
  Principal: { AWS: 'arn:<AWS::Partition>:iam::<AWS::AccountId>:root' },
  Resource: '*',
};

test('each class of data has a key with an alias of its own', () => {
  expect(templates.propertiesOf('prod', 'foundation', 'AWS::KMS::Alias')).toEqual([
    { AliasName: 'alias/slipway-prod-lake', TargetKeyId: '<KeysLake.Arn>' },
    { AliasName: 'alias/slipway-prod-features', TargetKeyId: '<KeysFeatures.Arn>' },
    { AliasName: 'alias/slipway-prod-models', TargetKeyId: '<KeysModels.Arn>' },
    { AliasName: 'alias/slipway-prod-logs', TargetKeyId: '<KeysLogs.Arn>' },
  ]);
});

test.each(KEYS)('%s is rotated', (key) => {
  expect(templates.properties('prod', 'foundation', key)).toMatchObject({ EnableKeyRotation: true });
});

test.each(KEYS.filter((key) => key !== 'KeysLogs'))('%s is used by no service but through a role', (key) => {
  expect(policyOf(key)).toEqual([ACCOUNT_DECIDES]);
});

test("the key of logs serves the account's log groups, and alarms, rules and budgets of the account", () => {
  expect(policyOf('KeysLogs')).toEqual([
    ACCOUNT_DECIDES,
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
      Principal: { Service: 'logs.<AWS::Region>.amazonaws.com' },
      Resource: '*',
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': 'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:*',
        },
      },
    },
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Principal: { Service: ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' } },
    },
  ]);
});

test('every log group of a stage is encrypted with the key of logs', () => {
  const keys = templates
    .all('prod')
    .flatMap(([, { Type, Properties }]) => (Type === 'AWS::Logs::LogGroup' ? [textOf(Properties.KmsKeyId)] : []));

  expect([...new Set(keys)].toSorted()).toEqual(['<KeysLogs.Arn>', '<KeysLogsArn>']);
});
