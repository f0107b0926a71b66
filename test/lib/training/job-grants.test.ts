import { exampleTemplates } from '../../support/example-templates';
import { type Allowed, allowed, assumedBy, beInNetwork, OWN_ACCOUNT, pullAndLog, useKey } from '../../support/grants';

const templates = exampleTemplates();
const ROLE = 'PipelineflightdelayJobRole';
const ASSETS = 's3:cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>';
const OWN_RUNS = '<RegistryArtefacts.Arn>/flight-delay/*';
const RESULTS = '<LakeResultsArn>/*';

/** What jobs may in a stage, whether it has a network or not. */
function train(stage: string): Allowed[] {
  return [
    [
      ['athena:GetQueryExecution', 'athena:GetQueryResults', 'athena:StartQueryExecution', 'athena:StopQueryExecution'],
      [`athena:workgroup/slipway-${stage}-workgroup`],
    ],
    [
      ['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable'],
      ['glue:catalog', `glue:database/slipway_${stage}_lake`, `glue:table/slipway_${stage}_lake/*`],
    ],
    [['s3:GetObject'], ['<LakeEventsArn>/events/*', RESULTS, OWN_RUNS]],
    [
      ['s3:AbortMultipartUpload', 's3:PutObject'],
      [RESULTS, OWN_RUNS],
    ],
    [
      ['s3:GetBucketLocation', 's3:ListBucket'],
      ['<LakeEventsArn>', '<LakeResultsArn>', '<RegistryArtefacts.Arn>'],
    ],
    [
      ['s3:GetBucket*', 's3:GetObject*', 's3:List*'],
      [ASSETS, `${ASSETS}/*`],
    ],
    useKey('<KeysLakeArn>'),
    useKey('<KeysModelsArn>'),
    [['kms:CreateGrant', 'kms:DescribeKey'], ['<KeysModelsArn>']],
    ...pullAndLog('ProcessingJobs', 'TrainingJobs'),
  ];
}

test("jobs query the lake and write their own model's runs; they register, start and serve nothing", () => {
  expect(templates.grants('dev', 'models', ROLE)).toEqual(allowed(...train('dev')));
});

test('in production they are in the network as well', () => {
  expect(templates.grants('prod', 'models', ROLE)).toEqual(allowed(...train('prod'), ...beInNetwork()));
});

test('keys are lent to AWS resources only, metrics are those of training only', () => {
  expect(templates.conditions('prod', 'models', ROLE)).toEqual({
    'kms:CreateGrant': { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    'cloudwatch:PutMetricData': { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/TrainingJobs' } },
  });
});

test('only SageMaker, for this account, acts in the role', () => {
  expect(templates.trust('prod', 'models', ROLE)).toEqual(assumedBy('sagemaker.amazonaws.com', OWN_ACCOUNT));
});
