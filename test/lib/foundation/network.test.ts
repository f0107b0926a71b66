import { exampleTemplates } from '../../support/example-templates';
import { allowed } from '../../support/grants';

const templates = exampleTemplates();
const SUBNETS = [1, 2, 3].map((zone) => `<NetworkisolatedSubnet${zone}Subnet>`);

test('a stage has the network that its table names, or none', () => {
  expect(templates.properties('prod', 'foundation', 'Network')).toMatchObject({ CidrBlock: '10.20.0.0/16' });
  expect(templates.propertiesOf('dev', 'foundation', 'AWS::EC2::VPC')).toEqual([]);
});

test('its subnets are in zones of their own, and nothing in it leads to the internet', () => {
  const subnets = templates.propertiesOf('prod', 'foundation', 'AWS::EC2::Subnet');
  const types = templates.all('prod').map(([, { Type }]) => Type);

  // By number, since the letters of zones differ by region.
  expect(subnets.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(
    [0, 1, 2].map((zone) => JSON.stringify({ 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] })),
  );
  expect(subnets.map(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch)).toEqual([false, false, false]);
  for (const way of ['AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway', 'AWS::EC2::EIP', 'AWS::EC2::Route'])
    expect(types).not.toContain(way);
});

test('services are reached through endpoints within it', () => {
  const endpoints = templates.propertiesOf('prod', 'foundation', 'AWS::EC2::VPCEndpoint');
  const of = (type: string) => endpoints.filter(({ VpcEndpointType }) => VpcEndpointType === type);
  const service = (name: string) => `com.amazonaws.<AWS::Region>.${name}`;

  expect(of('Gateway').map(({ ServiceName }) => ServiceName)).toEqual([service('s3'), service('dynamodb')]);
  expect(of('Interface').map(({ ServiceName }) => ServiceName)).toEqual(
    [
      'sagemaker.api',
      'sagemaker.runtime',
      'sagemaker.featurestore-runtime',
      'kms',
      'logs',
      'monitoring',
      'ecr.api',
      'ecr.dkr',
      'athena',
      'glue',
      'sts',
    ].map(service),
  );
  for (const endpoint of of('Interface'))
    expect(endpoint).toMatchObject({
      PrivateDnsEnabled: true,
      SecurityGroupIds: ['<NetworkEndpoints.GroupId>'],
      SubnetIds: SUBNETS,
    });
});

test('endpoints take TLS from jobs and model servers only, and send nothing', () => {
  const incoming = templates.propertiesOf('prod', 'foundation', 'AWS::EC2::SecurityGroupIngress');

  expect(incoming).toEqual([
    expect.objectContaining({
      GroupId: '<NetworkEndpoints.GroupId>',
      SourceSecurityGroupId: '<NetworkJobs.GroupId>',
      FromPort: 443,
      ToPort: 443,
    }),
    expect.objectContaining({ GroupId: '<NetworkJobs.GroupId>', SourceSecurityGroupId: '<NetworkJobs.GroupId>' }),
  ]);
  expect(templates.properties('prod', 'foundation', 'NetworkEndpoints')).toMatchObject({
    SecurityGroupEgress: [{ Description: 'Disallow all traffic', CidrIp: '255.255.255.255/32' }],
  });
});

test('jobs and model servers reach S3 and DynamoDB, which the gateway endpoints lead to at public addresses, by TLS only', () => {
  const { SecurityGroupEgress } = templates.properties('prod', 'foundation', 'NetworkJobs');
  const tls = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };

  expect(SecurityGroupEgress).toEqual([
    expect.objectContaining({ CidrIp: '10.20.0.0/16', ...tls }),
    expect.objectContaining({ CidrIp: '0.0.0.0/0', ...tls }),
  ]);
});

test('the only ways out of the subnets are the gateway endpoints', () => {
  const gateways = templates
    .propertiesOf('prod', 'foundation', 'AWS::EC2::VPCEndpoint')
    .filter(({ VpcEndpointType }) => VpcEndpointType === 'Gateway');
  const tables = [1, 2, 3].map((zone) => `<NetworkisolatedSubnet${zone}RouteTable>`);

  expect(gateways.map(({ RouteTableIds }) => RouteTableIds)).toEqual([tables, tables]);
  expect(templates.propertiesOf('prod', 'foundation', 'AWS::EC2::Route')).toEqual([]);
});

test('all traffic is logged, for as long as audits ask', () => {
  expect(templates.properties('prod', 'foundation', 'NetworkFlowFlowLog')).toMatchObject({
    TrafficType: 'ALL',
    ResourceId: '<Network>',
    LogGroupName: '<NetworkFlowLogs>',
  });
  expect(templates.properties('prod', 'foundation', 'NetworkFlowLogs')).toMatchObject({
    RetentionInDays: 400,
    KmsKeyId: '<KeysLogs.Arn>',
  });
});

test('flow logs are written to their own group and nowhere else', () => {
  expect(templates.grants('prod', 'foundation', 'NetworkFlowIAMRole')).toEqual(
    allowed([['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], ['<NetworkFlowLogs.Arn>']]),
  );
});
