import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Names } from '../../core/naming';
import type { WildcardExplanation } from '../policy/wildcards';
import { arnOf } from '../shared/arns';

/** What explains the wildcard of starting pipelines. */
export const PIPELINE_WILDCARDS: readonly WildcardExplanation[] = [
  { pattern: /:pipeline\/.*-\*$/, reason: "The stage's own pipelines share a prefix; a list would grow with the models." },
];

/** What explains the wildcard of watching runs. */
export const EXECUTION_WILDCARDS: readonly WildcardExplanation[] = [
  { pattern: /:pipeline\/.*\/execution\/\*$/, reason: 'Executions are named by the service when they start.' },
];

/** The training pipelines of a stage, and what may be done with all of them. */
export class TrainingPipelines {
  constructor(private readonly names: Names) {}

  /** Start a training run. */
  grantStart(grantee: IGrantable): void {
    const pipelines = arnOf('sagemaker', `pipeline/${this.names.pipeline('*')}`);
    Grant.addToPrincipal({ grantee, actions: ['sagemaker:StartPipelineExecution'], resourceArns: [pipelines] });
  }

  /** Read how a run ended. */
  grantDescribeRuns(grantee: IGrantable): void {
    const executions = arnOf('sagemaker', `pipeline/${this.names.pipeline('*')}/execution/*`);
    Grant.addToPrincipal({ grantee, actions: ['sagemaker:DescribePipelineExecution'], resourceArns: [executions] });
  }
}
