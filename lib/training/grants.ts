import { Aws } from 'aws-cdk-lib';
import { Grant, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { IDependable } from 'constructs';
import type { Model } from '../../core/definition';
import type { Names } from '../../core/naming';
import type { Lake } from '../data-lake/lake';
import type { Network } from '../foundation/network';
import { explainWildcards } from '../policy/wildcards';
import { ASSET_READ_WILDCARDS } from '../shared/asset-wildcards';

const arn = (service: string, rest: string): string => `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${rest}`;

/** A model's own prefix in the artefact bucket. */
export const RUN_PREFIX = /Artefacts.*\/[a-z0-9-]+\/\*$/;

export interface TrainingGrants {
  readonly model: Model;
  readonly lake: Lake;
  readonly bucket: Bucket;
  readonly key: IKey;
  readonly lakeKey: IKey;
  readonly source: Asset;
  readonly document: Asset;
  readonly repositoryArn: string;
  readonly network?: Network;
}

/** Pull a managed image, write logs and metrics: what every job and model server needs. */
export function grantContainer(
  role: Role,
  repositoryArn: string,
  logGroups: readonly string[],
  namespace: string,
  network: Network | undefined,
): void {
  const allow = (actions: string[], resources: string[], conditions?: Record<string, Record<string, unknown>>): void => {
    role.addToPolicy(new PolicyStatement({ actions, resources, ...(conditions === undefined ? {} : { conditions }) }));
  };
  allow(['ecr:GetAuthorizationToken'], ['*']);
  allow(['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'], [repositoryArn]);
  allow(
    ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
    logGroups.map((group) => arn('logs', `log-group:${group}*`)),
  );
  allow(['cloudwatch:PutMetricData'], ['*'], { StringEquals: { 'cloudwatch:namespace': namespace } });
  explainWildcards(role, [
    { pattern: /^Resource::\*$/, reason: 'Registry tokens and metrics (limited to one namespace) are not bound to a resource.' },
    {
      pattern: /:log-group:\/aws\/sagemaker\/.*\*$/,
      reason: 'Log streams are named by the service after its jobs and instances.',
    },
  ]);
  if (network === undefined) return;
  explainWildcards(role, [
    { pattern: /:network-interface\/\*$/, reason: 'Interfaces in our own subnets are named by the service when they are made.' },
  ]);
  allow(
    [
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeVpcs',
      'ec2:DescribeDhcpOptions',
      'ec2:DescribeSubnets',
      'ec2:DescribeSecurityGroups',
    ],
    ['*'],
  );
  const interfaces = [
    arn('ec2', 'network-interface/*'),
    arn('ec2', `security-group/${network.securityGroup.securityGroupId}`),
    ...network.vpc.isolatedSubnets.map((subnet) => arn('ec2', `subnet/${subnet.subnetId}`)),
  ];
  allow(
    [
      'ec2:CreateNetworkInterface',
      'ec2:CreateNetworkInterfacePermission',
      'ec2:DeleteNetworkInterface',
      'ec2:DeleteNetworkInterfacePermission',
    ],
    interfaces,
  );
}

/** What the jobs of a model's pipeline may do: query the lake, read sources, write their run's folder. */
export function grantTraining(role: Role, props: TrainingGrants): void {
  props.lake.grantQuery(role);
  props.source.grantRead(role);
  props.document.grantRead(role);
  const own = `${props.model.name}/*`;
  Grant.addToPrincipal({
    grantee: role,
    actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
    resourceArns: [props.bucket.arnForObjects(own)],
  });
  role.addToPolicy(
    new PolicyStatement({ actions: ['s3:ListBucket', 's3:GetBucketLocation'], resources: [props.bucket.bucketArn] }),
  );
  Grant.addToPrincipal({
    grantee: role,
    actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
    resourceArns: [props.key.keyArn],
  });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['kms:CreateGrant'],
      resources: [props.key.keyArn],
      conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  );
  explainWildcards(role, [
    ...ASSET_READ_WILDCARDS,
    { pattern: /Results.*\/\*$/, reason: 'Results of queries are named by the service when a query starts.' },
    { pattern: /\/events\/\*$/, reason: 'Jobs read every event of the lake to build training sets.' },
    { pattern: RUN_PREFIX, reason: "Runs of the model's own prefix are named when they start." },
  ]);
  grantContainer(
    role,
    props.repositoryArn,
    ['/aws/sagemaker/TrainingJobs', '/aws/sagemaker/ProcessingJobs'],
    '/aws/sagemaker/TrainingJobs',
    props.network,
  );
}

export interface PipelineGrants {
  readonly model: Model;
  readonly names: Names;
  readonly bucket: Bucket;
  readonly key: IKey;
  readonly jobRole: Role;
}

/** What a pipeline may do: start and watch its own jobs in the job role, read reports, register packages. */
export function grantPipeline(role: Role, props: PipelineGrants): IDependable {
  const group = props.names.packageGroup(props.model.name);
  const allow = (actions: string[], resources: string[], conditions?: Record<string, Record<string, unknown>>): void => {
    role.addToPolicy(new PolicyStatement({ actions, resources, ...(conditions === undefined ? {} : { conditions }) }));
  };
  allow(
    ['sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:StopTrainingJob', 'sagemaker:AddTags'],
    [arn('sagemaker', 'training-job/pipelines-*')],
  );
  allow(
    ['sagemaker:CreateProcessingJob', 'sagemaker:DescribeProcessingJob', 'sagemaker:StopProcessingJob', 'sagemaker:AddTags'],
    [arn('sagemaker', 'processing-job/pipelines-*')],
  );
  allow(
    ['sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage'],
    [arn('sagemaker', `model-package/${group}/*`), arn('sagemaker', `model-package-group/${group}`)],
  );
  allow(['sagemaker:DescribeModelPackageGroup'], [arn('sagemaker', `model-package-group/${group}`)]);
  allow(['s3:GetObject'], [props.bucket.arnForObjects(`${props.model.name}/*`)]);
  allow(['kms:Decrypt'], [props.key.keyArn]);
  allow(['iam:PassRole'], [props.jobRole.roleArn], { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
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
