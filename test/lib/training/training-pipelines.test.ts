import { names } from '../../../core/naming';
import { EXECUTION_WILDCARDS, PIPELINE_WILDCARDS, TrainingPipelines } from '../../../lib/training/training-pipelines';
import { grantsOf } from '../../support/role-grants';

const pipelines = new TrainingPipelines(names('prod'));

test('who starts runs may start those of the stage, and stop none', () => {
  expect(grantsOf((role) => pipelines.grantStart(role))).toEqual({
    'sagemaker:StartPipelineExecution': ['sagemaker:pipeline/slipway-prod-*'],
  });
});

test('who follows runs may read them, and start none', () => {
  expect(grantsOf((role) => pipelines.grantDescribeRuns(role))).toEqual({
    'sagemaker:DescribePipelineExecution': ['sagemaker:pipeline/slipway-prod-*/execution/*'],
  });
});

test.each([
  ['Resource::arn:aws:sagemaker:r:a:pipeline/slipway-dev-*', PIPELINE_WILDCARDS, true],
  ['Resource::arn:aws:sagemaker:r:a:pipeline/*', PIPELINE_WILDCARDS, false],
  ['Resource::arn:aws:sagemaker:r:a:pipeline/slipway-dev-*/execution/*', EXECUTION_WILDCARDS, true],
  ['Resource::arn:aws:sagemaker:r:a:pipeline/*', EXECUTION_WILDCARDS, false],
])('of the wildcards, %s is explained by %j: %p', (finding, wildcards, explained) => {
  expect(wildcards.some(({ pattern }) => pattern.test(finding))).toBe(explained);
});
