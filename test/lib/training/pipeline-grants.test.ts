import { exampleTemplates } from '../../support/example-templates';
import { allowed, assumedBy, OWN_ACCOUNT } from '../../support/grants';

const templates = exampleTemplates();
const ROLE = 'PipelineflightdelayPipelineRole';
const GROUP = 'slipway-dev-flight-delay';

function lifeOf(kind: 'Training' | 'Processing'): string[] {
  return ['Create', 'Describe', 'Stop'].map((verb) => `sagemaker:${verb}${kind}Job`);
}

test('a pipeline runs its own jobs, reads its reports and registers packages; it approves, deploys and deletes nothing', () => {
  expect(templates.grants('dev', 'models', ROLE)).toEqual(
    allowed(
      [lifeOf('Training'), ['sagemaker:training-job/pipelines-*']],
      [lifeOf('Processing'), ['sagemaker:processing-job/pipelines-*']],
      [['sagemaker:AddTags'], ['sagemaker:processing-job/pipelines-*', 'sagemaker:training-job/pipelines-*']],
      [
        ['sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage'],
        [`sagemaker:model-package-group/${GROUP}`, `sagemaker:model-package/${GROUP}/*`],
      ],
      [['sagemaker:DescribeModelPackageGroup'], [`sagemaker:model-package-group/${GROUP}`]],
      [['s3:GetObject'], ['<RegistryArtefacts.Arn>/flight-delay/*']],
      [['kms:Decrypt'], ['<KeysModelsArn>']],
      [['iam:PassRole'], ['<PipelineflightdelayJobRole.Arn>']],
    ),
  );
});

test('it passes the role of its jobs to SageMaker and to no other service', () => {
  expect(templates.conditions('dev', 'models', ROLE)).toEqual({
    'iam:PassRole': { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  });
  expect(templates.trust('dev', 'models', ROLE)).toEqual(assumedBy('sagemaker.amazonaws.com', OWN_ACCOUNT));
});

test('a pipeline is made only when its role may start jobs: the service checks that', () => {
  const [, pipeline] = templates.resources('dev', 'models').find(([, { Type }]) => Type === 'AWS::SageMaker::Pipeline') ?? [];

  expect(pipeline?.DependsOn).toEqual([expect.stringMatching(/^PipelineflightdelayPipelineRoleDefaultPolicy/)]);
});
