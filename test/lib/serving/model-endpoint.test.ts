import { exampleTemplates } from '../../support/example-templates';
import { type Allowed, allowed, assumedBy, beInNetwork, OWN_ACCOUNT, PLACEMENT, pullAndLog } from '../../support/grants';

const templates = exampleTemplates();
const ROLE = 'EndpointflightdelayRole';

/** What model servers may in every stage. */
const SERVE: readonly Allowed[] = [
  [['s3:GetObject'], ['<RegistryArtefactsArn>/flight-delay/*']],
  [['s3:ListBucket'], ['<RegistryArtefactsArn>']],
  [['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey'], ['<KeysModelsArn>']],
  [['cloudwatch:DescribeAlarms'], ['<EndpointflightdelayAlarmsErrors.Arn>', '<EndpointflightdelayAlarmsLatency.Arn>']],
];

test("model servers read their own model's artefacts and write nothing but logs and metrics", () => {
  expect(templates.grants('dev', 'serving', ROLE)).toEqual(
    allowed(...SERVE, ...pullAndLog('Endpoints/slipway-dev-flight-delay')),
  );
});

test('in production they are in the network as well', () => {
  expect(templates.grants('prod', 'serving', ROLE)).toEqual(
    allowed(...SERVE, ...pullAndLog('Endpoints/slipway-prod-flight-delay'), ...beInNetwork()),
  );
  expect(templates.properties('prod', 'serving', 'EndpointflightdelayModel')).toMatchObject({
    VpcConfig: { Subnets: PLACEMENT.subnets, SecurityGroupIds: PLACEMENT.securityGroups },
  });
  expect(templates.properties('dev', 'serving', 'EndpointflightdelayModel')).not.toHaveProperty('VpcConfig');
});

test('keys are lent to AWS resources only, metrics are those of endpoints only', () => {
  expect(templates.conditions('prod', 'serving', ROLE)).toEqual({
    'kms:CreateGrant': { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    'cloudwatch:PutMetricData': { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/Endpoints' } },
  });
});

test('the role has the name that promote passes, and only SageMaker acts in it', () => {
  expect(templates.properties('prod', 'serving', ROLE)).toMatchObject({ RoleName: 'slipway-prod-flight-delay-serving' });
  expect(templates.trust('prod', 'serving', ROLE)).toEqual(assumedBy('sagemaker.amazonaws.com', OWN_ACCOUNT));
});

test('the champion is resolved when the stack is deployed, never written into it', () => {
  expect(templates.properties('dev', 'serving', 'EndpointflightdelayModel')).toMatchObject({
    PrimaryContainer: {
      Image: '<FrameworkImages.xgboost>.dkr.ecr.<AWS::Region>.<AWS::URLSuffix>/sagemaker-xgboost:3.0-5',
      ModelDataUrl: '{{resolve:ssm:/slipway/dev/flight-delay/champion/url}}',
      Environment: { MODEL_VERSION: '{{resolve:ssm:/slipway/dev/flight-delay/champion/version}}' },
    },
  });
});

test('a model is made only when its role may read it', () => {
  const [, model] = templates.resources('prod', 'serving').find(([, { Type }]) => Type === 'AWS::SageMaker::Model') ?? [];

  expect(model?.DependsOn).toEqual([expect.stringMatching(/^EndpointflightdelayRoleDefaultPolicy/)]);
});

test("instances are the stage's, and their volumes are encrypted", () => {
  expect(templates.properties('prod', 'serving', 'EndpointflightdelayConfig')).toMatchObject({
    KmsKeyId: '<KeysModelsArn>',
    ProductionVariants: [
      {
        VariantName: 'champion',
        ModelName: '<EndpointflightdelayModel.ModelName>',
        InstanceType: 'ml.c6i.large',
        InitialInstanceCount: 2,
        InitialVariantWeight: 1,
      },
    ],
  });
  expect(templates.properties('dev', 'serving', 'EndpointflightdelayConfig')).toMatchObject({
    ProductionVariants: [{ InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }],
  });
});

test('an update is a canary that two alarms roll back, and keeps the instances that scaling chose', () => {
  expect(templates.properties('prod', 'serving', 'Endpointflightdelay')).toMatchObject({
    EndpointName: 'slipway-prod-flight-delay',
    RetainAllVariantProperties: true,
    DeploymentConfig: {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: 'CANARY',
          CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 },
          WaitIntervalInSeconds: 600,
        },
        TerminationWaitInSeconds: 300,
        MaximumExecutionTimeoutInSeconds: 3600,
      },
      AutoRollbackConfiguration: {
        Alarms: [{ AlarmName: '<EndpointflightdelayAlarmsErrors>' }, { AlarmName: '<EndpointflightdelayAlarmsLatency>' }],
      },
    },
  });
});

test('instances follow the invocations of each, out faster than in, within the bounds of the stage', () => {
  expect(templates.properties('prod', 'serving', 'EndpointflightdelayScalableTarget')).toMatchObject({
    ResourceId: 'endpoint/slipway-prod-flight-delay/variant/champion',
    ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
    MinCapacity: 2,
    MaxCapacity: 8,
  });
  expect(templates.properties('prod', 'serving', 'EndpointflightdelayScaling')).toMatchObject({
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 6000,
      PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
      ScaleOutCooldown: 60,
      ScaleInCooldown: 300,
    },
  });
});
