import { exampleTemplates } from '../../support/example-templates';
import { allowed, ownLogsAndTraces, sendTo, useKey } from '../../support/grants';

const templates = exampleTemplates();
const BUCKET = '<RegistryArtefactsArn>';
const POINTERS = ['ssm:parameter/slipway/dev/*/champion', 'ssm:parameter/slipway/dev/*/champion/*'];

test('it verifies, rolls out and points, in the roles of model servers only; it trains nothing and deletes no model', () => {
  expect(templates.grants('dev', 'application', 'PromotionFunctionRole')).toEqual(
    allowed(
      ...ownLogsAndTraces('PromotionFunction'),
      ...sendTo('PromotionFailed'),
      [['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], ['<TablesLedgerArn>']],
      [['sagemaker:DescribeModelPackage'], ['sagemaker:model-package/slipway-dev-*/*']],
      [['sagemaker:DescribePipelineExecution'], ['sagemaker:pipeline/slipway-dev-*/execution/*']],
      [['sagemaker:CreateModel'], ['sagemaker:model/slipway-dev-*']],
      [['sagemaker:CreateEndpointConfig'], ['sagemaker:endpoint-config/slipway-dev-*']],
      [['sagemaker:DescribeEndpointConfig'], ['sagemaker:endpoint-config/*']],
      [['sagemaker:UpdateEndpoint'], ['sagemaker:endpoint-config/slipway-dev-*', 'sagemaker:endpoint/slipway-dev-*']],
      [['sagemaker:DescribeEndpoint'], ['sagemaker:endpoint/slipway-dev-*']],
      [['iam:PassRole'], ['iam:role/slipway-dev-*-serving']],
      [['s3:GetObject'], [`${BUCKET}/*`]],
      [['s3:PutObject'], [`${BUCKET}/*/profiles/*`]],
      [['s3:ListBucket'], [BUCKET]],
      [['ssm:GetParameter'], [...POINTERS, 'ssm:parameter/slipway/dev/*/freeze']],
      [['ssm:PutParameter'], POINTERS],
      [['sns:Publish'], ['<OnCall>']],
      [['kms:CreateGrant', 'kms:DescribeKey'], ['<KeysModelsArn>']],
      useKey('<KeysModelsArn>'),
    ),
  );
});

test('it passes roles to SageMaker and to no other service, and gives the key to no one but services', () => {
  expect(templates.conditions('dev', 'application', 'PromotionFunctionRole')).toEqual({
    'iam:PassRole': { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    'kms:CreateGrant': { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  });
});

test('it runs one at a time, and knows the network of the model servers where the stage has one', () => {
  expect(templates.properties('dev', 'application', 'PromotionFunction')).toMatchObject({
    FunctionName: 'slipway-dev-promote',
    Timeout: 120,
    ReservedConcurrentExecutions: 1,
    Environment: {
      Variables: {
        MODELS_BUCKET: '<RegistryArtefacts>',
        MODELS_KEY_ARN: '<KeysModelsArn>',
        ROLE_ARN_PREFIX: 'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/',
        ON_CALL_TOPIC: '<OnCall>',
        VPC: 'null',
      },
    },
  });
  const { Environment } = templates.properties('prod', 'application', 'PromotionFunction');
  expect(JSON.parse((Environment as { Variables: { VPC: string } }).Variables.VPC)).toEqual({
    subnets: [1, 2, 3].map((zone) => `<NetworkisolatedSubnet${zone}Subnet>`),
    securityGroups: ['<NetworkJobsGroupId>'],
  });
});

test.each([
  [
    'PackageApproved',
    'SageMaker Model Package State Change',
    { ModelPackageGroupName: [{ prefix: 'slipway-dev-' }], ModelApprovalStatus: ['Approved'] },
  ],
  [
    'RunEnded',
    'SageMaker Model Building Pipeline Execution Status Change',
    {
      pipelineArn: [{ prefix: 'arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:pipeline/slipway-dev-' }],
      currentPipelineExecutionStatus: ['Failed', 'Stopped'],
    },
  ],
  ['EndpointSettled', 'SageMaker Endpoint State Change', { EndpointName: [{ prefix: 'slipway-dev-' }] }],
])('%s wakes it, for what the stage owns, again and again, and is kept when that fails', (id, detailType, detail) => {
  expect(templates.properties('dev', 'application', `Promotion${id}`)).toMatchObject({
    State: 'ENABLED',
    EventPattern: { source: ['aws.sagemaker'], 'detail-type': [detailType], detail },
    Targets: [
      {
        Arn: '<PromotionFunction.Arn>',
        DeadLetterConfig: { Arn: '<PromotionFailed.Arn>' },
        RetryPolicy: { MaximumRetryAttempts: 10 },
      },
    ],
  });
});

test('no other rule wakes it', () => {
  const callers = templates
    .propertiesOf('dev', 'application', 'AWS::Lambda::Permission')
    .filter(({ FunctionName }) => FunctionName === '<PromotionFunction.Arn>');

  expect(callers.map(({ Principal, SourceArn }) => [Principal, SourceArn])).toEqual([
    ['events.amazonaws.com', '<PromotionPackageApproved.Arn>'],
    ['events.amazonaws.com', '<PromotionRunEnded.Arn>'],
    ['events.amazonaws.com', '<PromotionEndpointSettled.Arn>'],
  ]);
});
