import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IDependable } from 'constructs';
import type { Model } from '../../core/definition';
import type { Names } from '../../core/naming';
import { RUN_PREFIX } from '../containers/container-role';
import { explainWildcards } from '../policy/wildcards';
import { arnOf } from '../shared/arns';

export interface PipelineGrants {
  /** Whose packages are registered. */
  readonly model: Model;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Bucket of reports. */
  readonly bucket: Bucket;
  /** Key of the models' data class. */
  readonly key: IKey;
  /** Role that is passed to the jobs. */
  readonly jobRole: Role;
}

/** What a pipeline may do: start and watch its own jobs in the job role, read reports, register packages. Gives the policy to wait for. */
export function grantPipeline(role: Role, { model, names, bucket, key, jobRole }: PipelineGrants): IDependable {
  const group = names.packageGroup(model.name);
  const allow = (actions: string[], resources: string[]): void => {
    role.addToPolicy(new PolicyStatement({ actions, resources }));
  };
  allow(
    ['sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:StopTrainingJob', 'sagemaker:AddTags'],
    [arnOf('sagemaker', 'training-job/pipelines-*')],
  );
  allow(
    ['sagemaker:CreateProcessingJob', 'sagemaker:DescribeProcessingJob', 'sagemaker:StopProcessingJob', 'sagemaker:AddTags'],
    [arnOf('sagemaker', 'processing-job/pipelines-*')],
  );
  allow(
    ['sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage'],
    [arnOf('sagemaker', `model-package/${group}/*`), arnOf('sagemaker', `model-package-group/${group}`)],
  );
  allow(['sagemaker:DescribeModelPackageGroup'], [arnOf('sagemaker', `model-package-group/${group}`)]);
  allow(['s3:GetObject'], [bucket.arnForObjects(`${model.name}/*`)]);
  allow(['kms:Decrypt'], [key.keyArn]);
  role.addToPolicy(
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [jobRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    }),
  );
  explainWildcards(role, [
    {
      pattern: /:(training|processing)-job\/pipelines-\*$/,
      reason: 'Jobs of a pipeline are named by the service when they start.',
    },
    { pattern: /:model-package\/.*\/\*$/, reason: "Versions of the model's own group are numbered by the registry." },
    { pattern: RUN_PREFIX, reason: "Reports of runs lie below the model's own prefix." },
  ]);
  const policy = role.node.tryFindChild('DefaultPolicy');
  if (policy === undefined) throw new Error('the pipeline role has no policy');
  return policy;
}
