import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Network } from '../foundation/network';
import { explainWildcards } from '../policy/wildcards';
import { arnOf } from '../shared/arns';

/** A model's own prefix in the artefact bucket, as cdk-nag writes it. */
export const RUN_PREFIX = /Artefacts.*\/[a-z0-9-]+\/\*$/;

export interface ContainerGrants {
  /** Repository of the image that is pulled. */
  readonly repositoryArn: string;
  /** Prefixes of the log groups that the service writes to. */
  readonly logGroups: readonly string[];
  /** Namespace of the metrics that the service writes. */
  readonly metricNamespace: string;
  /**
   * Network of the containers.
   *
   * @default - none: the service's own network
   */
  readonly network?: Network | undefined;
}

/** Only SageMaker, and only for this account, may act in the role. */
export function sagemakerPrincipal(): ServicePrincipal {
  return new ServicePrincipal('sagemaker.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
}

/** What every container of SageMaker does, whatever its work: pull a managed image, write logs and metrics, be in the network. */
export function grantContainer(role: Role, { repositoryArn, logGroups, metricNamespace, network }: ContainerGrants): void {
  const allow = (actions: string[], resources: string[]): void => {
    role.addToPolicy(new PolicyStatement({ actions, resources }));
  };
  allow(['ecr:GetAuthorizationToken'], ['*']);
  allow(['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'], [repositoryArn]);
  allow(
    ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
    logGroups.map((group) => arnOf('logs', `log-group:${group}*`)),
  );
  role.addToPolicy(
    new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': metricNamespace } },
    }),
  );
  explainWildcards(role, [
    { pattern: /^Resource::\*$/, reason: 'Registry tokens and metrics (limited to one namespace) are not bound to a resource.' },
    {
      pattern: /:log-group:\/aws\/sagemaker\/.*\*$/,
      reason: 'Log streams are named by the service after its jobs and instances.',
    },
  ]);
  if (network !== undefined) grantNetworkInterfaces(role, network);
}

/** Interfaces in the network's subnets, which SageMaker makes in the role of its containers. */
function grantNetworkInterfaces(role: Role, network: Network): void {
  explainWildcards(role, [
    { pattern: /:network-interface\/\*$/, reason: 'Interfaces in our own subnets are named by the service when they are made.' },
  ]);
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeVpcs',
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeSubnets',
        'ec2:DescribeSecurityGroups',
      ],
      resources: ['*'],
    }),
  );
  const { subnets, securityGroups } = network.placement;
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:CreateNetworkInterfacePermission',
        'ec2:DeleteNetworkInterface',
        'ec2:DeleteNetworkInterfacePermission',
      ],
      resources: [
        arnOf('ec2', 'network-interface/*'),
        ...securityGroups.map((group) => arnOf('ec2', `security-group/${group}`)),
        ...subnets.map((subnet) => arnOf('ec2', `subnet/${subnet}`)),
      ],
    }),
  );
}

/** Use a data class's key in SageMaker's own grants, e.g. for the volumes of its instances. */
export function grantKeyToService(role: Role, keyArn: string): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: ['kms:CreateGrant'],
      resources: [keyArn],
      conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  );
}
