import type { Template } from 'aws-cdk-lib/assertions';
import { platform } from '../../../platform';
import { StageTemplates, textOf } from '../../support/stage-templates';

let dev: Template;
let prod: Template;
beforeAll(() => {
  const templates = new StageTemplates(platform);
  dev = templates.template('dev', 'foundation');
  prod = templates.template('prod', 'foundation');
});

function properties(type: string): Record<string, unknown>[] {
  return Object.values(prod.findResources(type)).map(({ Properties }) => Properties);
}

test('a stage without a network has none', () => {
  for (const type of ['VPC', 'Subnet', 'SecurityGroup', 'VPCEndpoint']) dev.resourceCountIs(`AWS::EC2::${type}`, 0);
});

test('zones are chosen by number, since their letters differ by region', () => {
  expect(properties('AWS::EC2::Subnet').map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(
    [0, 1, 2].map((zone) => ({ 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] })),
  );
});

test('nothing leads to the internet', () => {
  for (const type of ['InternetGateway', 'NatGateway', 'EIP', 'Route']) prod.resourceCountIs(`AWS::EC2::${type}`, 0);
  expect(properties('AWS::EC2::Subnet').map(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch)).toEqual([false, false, false]);
});

test('every service that jobs and servers use is reached inside, and only by them', () => {
  const services = properties('AWS::EC2::VPCEndpoint').map(({ ServiceName }) =>
    textOf(ServiceName).split('.').slice(3).join('.'),
  );
  const policies = properties('AWS::EC2::SecurityGroupIngress').map(({ SourceSecurityGroupId, FromPort }) => [
    textOf(SourceSecurityGroupId),
    FromPort,
  ]);

  expect(services.toSorted()).toEqual(
    [
      'athena',
      'dynamodb',
      'ecr.api',
      'ecr.dkr',
      'glue',
      'kms',
      'logs',
      'monitoring',
      's3',
      'sagemaker.api',
      'sagemaker.featurestore-runtime',
      'sagemaker.runtime',
      'sts',
    ].toSorted(),
  );
  expect(policies).toEqual([
    ['<NetworkJobs.GroupId>', 443],
    ['<NetworkJobs.GroupId>', 0],
  ]);
});

test('flow logs of all traffic are kept as long as audits ask, under our own key', () => {
  prod.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL', LogDestinationType: 'cloud-watch-logs' });
  expect(properties('AWS::Logs::LogGroup').map(({ RetentionInDays, KmsKeyId }) => [RetentionInDays, textOf(KmsKeyId)])).toEqual([
    [400, '<KeysLogs.Arn>'],
  ]);
});
