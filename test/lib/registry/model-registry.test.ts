import { exampleTemplates } from '../../support/example-templates';
import { allowed, ownLogsAndTraces, useKey } from '../../support/grants';

const templates = exampleTemplates();
const ASSETS = 's3:cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>';
const POINTERS = ['ssm:parameter/slipway/dev/*/champion', 'ssm:parameter/slipway/dev/*/champion/*'];

test('a model has a package group of its name', () => {
  expect(templates.propertiesOf('prod', 'models', 'AWS::SageMaker::ModelPackageGroup')).toEqual([
    expect.objectContaining({ ModelPackageGroupName: 'slipway-prod-flight-delay' }),
  ]);
});

test('seeding makes pointers and day-0 artefacts, appends to the ledger, and touches nothing that was trained', () => {
  expect(templates.grants('dev', 'models', 'RegistrySeedRole')).toEqual(
    allowed(
      ...ownLogsAndTraces('RegistrySeed'),
      [['ssm:DeleteParameters', 'ssm:GetParameter', 'ssm:PutParameter'], POINTERS],
      [['dynamodb:PutItem'], ['<TablesLedger.Arn>']],
      [['s3:PutObject'], ['<RegistryArtefacts.Arn>/*/v0/*']],
      [
        ['s3:GetBucket*', 's3:GetObject*', 's3:List*'],
        [ASSETS, `${ASSETS}/*`],
      ],
      useKey('<KeysModelsArn>'),
    ),
  );
});

test('a champion is seeded from the baseline that was built, and what happens when its model goes follows the stage', () => {
  for (const [stage, removal] of [
    ['dev', 'destroy'],
    ['prod', 'retain'],
  ] as const)
    expect(templates.properties(stage, 'models', 'RegistryChampionflightdelay')).toEqual({
      ServiceToken: '<RegistrySeed.Arn>',
      ServiceTimeout: '300',
      Model: 'flight-delay',
      BaselineBucket: 'cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>',
      BaselineKey: expect.stringMatching(/^[0-9a-f]{64}\.gz$/),
      BaselineDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      Removal: removal,
    });
});

test('a champion is seeded only when the function may write it, and the function ends before the deployment gives up', () => {
  const [, champion] = templates.resources('prod', 'models').find(([, { Type }]) => Type === 'Custom::Champion') ?? [];

  expect(champion?.DependsOn).toEqual([expect.stringMatching(/^RegistrySeedRoleDefaultPolicy/)]);
  expect(templates.properties('prod', 'models', 'RegistrySeed')).toMatchObject({
    FunctionName: 'slipway-prod-seed-champion',
    Timeout: 60,
    Environment: { Variables: { MODELS_BUCKET: '<RegistryArtefacts>' } },
  });
});

test('artefacts are encrypted with the key of models', () => {
  expect(templates.properties('prod', 'models', 'RegistryArtefacts')).toMatchObject({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: '<KeysModelsArn>' } },
      ],
    },
  });
});
