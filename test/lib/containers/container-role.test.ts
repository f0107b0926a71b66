import { Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  type ContainerGrants,
  grantContainer,
  grantKeyToService,
  RUN_PREFIX,
  sagemakerPrincipal,
} from '../../../lib/containers/container-role';
import { Network } from '../../../lib/foundation/network';
import { testApp } from '../../support/app';
import { exampleModel } from '../../support/example-templates';
import { grantsOf, statementsOf } from '../../support/role-grants';

const GRANTS: ContainerGrants = {
  repositoryArn: 'arn:aws:ecr:eu-west-1:123456789012:repository/an-image',
  logGroups: ['/aws/sagemaker/TrainingJobs', '/aws/sagemaker/ProcessingJobs'],
  metricNamespace: '/aws/sagemaker/TrainingJobs',
};
const IN_A_NETWORK = ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeVpcs'];

function grantInNetwork(role: Role, stack: Stack): void {
  const { stage } = exampleModel('prod');
  const logKey = new Key(stack, 'Key');
  const network = new Network(stack, 'Network', { stage, cidr: '10.0.0.0/16', availabilityZones: 2, logKey });
  grantContainer(role, { ...GRANTS, network });
}

test('a container pulls its image and writes logs and metrics, and nothing else', () => {
  const logGroups = GRANTS.logGroups.map((group) => `logs:log-group:${group}*`).toSorted();

  expect(grantsOf((role) => grantContainer(role, GRANTS))).toEqual({
    'ecr:GetAuthorizationToken': ['*'],
    'ecr:BatchCheckLayerAvailability': [GRANTS.repositoryArn],
    'ecr:GetDownloadUrlForLayer': [GRANTS.repositoryArn],
    'ecr:BatchGetImage': [GRANTS.repositoryArn],
    'logs:CreateLogGroup': logGroups,
    'logs:CreateLogStream': logGroups,
    'logs:DescribeLogStreams': logGroups,
    'logs:PutLogEvents': logGroups,
    'cloudwatch:PutMetricData': ['*'],
  });
});

test('metrics are those of one namespace', () => {
  const metrics = statementsOf((role) => grantContainer(role, GRANTS)).filter(({ Action }) =>
    [Action].flat().includes('cloudwatch:PutMetricData'),
  );

  expect(metrics.map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/TrainingJobs' } },
  ]);
});

test('in a network it makes interfaces in the subnets and the group of that network only', () => {
  const grants = grantsOf(grantInNetwork);

  expect(Object.keys(grants)).toEqual(expect.arrayContaining(IN_A_NETWORK));
  expect(grants['ec2:CreateNetworkInterface']).toEqual([
    'ec2:network-interface/*',
    'ec2:security-group/<NetworkJobs.GroupId>',
    'ec2:subnet/<NetworkisolatedSubnet1Subnet>',
    'ec2:subnet/<NetworkisolatedSubnet2Subnet>',
  ]);
  expect(grants['ec2:DeleteNetworkInterface']).toEqual(grants['ec2:CreateNetworkInterface']);
});

test('a key is lent to AWS resources only', () => {
  expect(statementsOf((role) => grantKeyToService(role, 'arn:aws:kms:eu-west-1:123456789012:key/a'))).toEqual([
    {
      Effect: 'Allow',
      Action: 'kms:CreateGrant',
      Resource: 'arn:aws:kms:eu-west-1:123456789012:key/a',
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ]);
});

test('SageMaker acts for this account only', () => {
  const stack = new Stack(testApp(), 'Stack');

  expect(stack.resolve(sagemakerPrincipal().policyFragment)).toEqual({
    principalJson: { Service: ['sagemaker.amazonaws.com'] },
    conditions: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
  });
});

test.each([
  ['Resource::<RegistryArtefactsE8E5A690.Arn>/flight-delay/*', true],
  ['Resource::<RegistryArtefactsE8E5A690.Arn>/*', false],
  ['Resource::<LakeEvents5536D134.Arn>/events/*', false],
])('of the wildcards, %s is a prefix of runs: %p', (finding, isPrefix) => {
  expect(RUN_PREFIX.test(finding)).toBe(isPrefix);
});
