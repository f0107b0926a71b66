import { Grant, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Model } from '../../core/definition';
import { grantContainer, grantKeyToService, RUN_PREFIX } from '../containers/container-role';
import type { Lake } from '../data-lake/lake';
import type { Network } from '../foundation/network';
import { explainWildcards } from '../policy/wildcards';
import { ASSET_READ_WILDCARDS } from '../shared/asset-wildcards';

export interface JobGrants {
  /** Whose prefix of the bucket the jobs write. */
  readonly model: Model;
  /** What training sets are queried from. */
  readonly lake: Lake;
  /** Bucket of artefacts, reports and training rows. */
  readonly bucket: Bucket;
  /** Key of the models' data class. */
  readonly key: IKey;
  /** Packed sources of the jobs. */
  readonly source: Asset;
  /** Training set document. */
  readonly document: Asset;
  /** Repository of the jobs' image. */
  readonly repositoryArn: string;
  /** Network of the jobs. */
  readonly network: Network | undefined;
}

/** What the jobs of a model's pipeline may do: query the lake, read sources, write their run's folder. */
export function grantJobs(role: Role, { model, lake, bucket, key, source, document, repositoryArn, network }: JobGrants): void {
  lake.grantQuery(role);
  source.grantRead(role);
  document.grantRead(role);
  const own = [bucket.arnForObjects(`${model.name}/*`)];
  Grant.addToPrincipal({
    grantee: role,
    actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
    resourceArns: own,
  });
  role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket', 's3:GetBucketLocation'], resources: [bucket.bucketArn] }));
  Grant.addToPrincipal({
    grantee: role,
    actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
    resourceArns: [key.keyArn],
  });
  grantKeyToService(role, key.keyArn);
  explainWildcards(role, [
    ...ASSET_READ_WILDCARDS,
    { pattern: /Results.*\/\*$/, reason: 'Results of queries are named by the service when a query starts.' },
    { pattern: /\/events\/\*$/, reason: 'Jobs read every event of the lake to build training sets.' },
    {
      pattern: /:table\/.*_lake\/\*$/,
      reason: "Tables of the lake's own database; a list would grow with sources times models.",
    },
    { pattern: RUN_PREFIX, reason: "Runs of the model's own prefix are named when they start." },
  ]);
  grantContainer(role, {
    repositoryArn,
    logGroups: ['/aws/sagemaker/TrainingJobs', '/aws/sagemaker/ProcessingJobs'],
    metricNamespace: '/aws/sagemaker/TrainingJobs',
    network,
  });
}
