import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { names } from '../../core/naming';
import { buildArtefacts } from '../../lib/shared/artefacts';
import { createPlatformStacks } from '../../lib/stacks/platform-stacks';
import { platform } from '../../platform';

const ROOT = join(__dirname, '..', '..');
const ROLES = ['foundation', 'data', 'models', 'serving', 'application'] as const;
type Role = (typeof ROLES)[number];

/** Types that hold data; losing one is losing it. */
const STATEFUL = [
  'AWS::Cognito::UserPool',
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::S3::Bucket',
  'AWS::SageMaker::FeatureGroup',
  'AWS::SageMaker::ModelPackageGroup',
];

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

let out: string;
const templates = new Map<string, Template>();
const stacks = new Map<string, Stack>();

beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'slipway-lib-'));
  const artefacts = buildArtefacts(ROOT, out, platform);
  const app = new App({ context: JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')).context });
  for (const stage of platform.stages) createPlatformStacks(app, { platform, stage, names: names(stage.name), artefacts });
  for (const stack of app.node.children.filter(Stack.isStack)) {
    stacks.set(stack.stackName, stack);
    templates.set(stack.stackName, Template.fromStack(stack));
  }
}, 60_000);

afterAll(() => rmSync(out, { recursive: true, force: true }));

function template(stage: 'dev' | 'prod', role: Role): Template {
  const found = templates.get(`slipway-${stage}-${role}`);
  if (found === undefined) throw new Error(`no stack ${role} of ${stage}`);
  return found;
}

function resources(stage: 'dev' | 'prod', role: Role): [string, Resource][] {
  return Object.entries(template(stage, role).toJSON().Resources as Record<string, Resource>);
}

test('in production everything that holds data is retained, also when it is replaced, and the stacks are protected', () => {
  const lost = ROLES.flatMap((role) =>
    resources('prod', role).filter(
      ([, it]) => STATEFUL.includes(it.Type) && (it.DeletionPolicy !== 'Retain' || it.UpdateReplacePolicy !== 'Retain'),
    ),
  );

  expect(lost.map(([id]) => id)).toEqual([]);
  expect(ROLES.map((role) => stacks.get(`slipway-prod-${role}`)?.terminationProtection)).toEqual([true, true, true, true, true]);
  expect(stacks.get('slipway-dev-data')?.terminationProtection).toBe(false);
});

test('logical ids of what holds data are those that are committed', () => {
  const ids = Object.fromEntries(
    ROLES.map((role) => [
      role,
      Object.fromEntries(resources('prod', role).flatMap(([id, { Type }]) => (STATEFUL.includes(Type) ? [[id, Type]] : []))),
    ]),
  );

  expect(ids).toEqual(JSON.parse(readFileSync(join(__dirname, 'stateful-ids.json'), 'utf8')));
});

test('an update of an endpoint is a canary that two alarms roll back, and keeps the instances that scaling chose', () => {
  template('prod', 'serving').hasResourceProperties('AWS::SageMaker::Endpoint', {
    EndpointName: 'slipway-prod-flight-delay',
    RetainAllVariantProperties: true,
    DeploymentConfig: {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: 'CANARY',
          CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 },
          WaitIntervalInSeconds: 600,
        },
      },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: Match.anyValue() }, { AlarmName: Match.anyValue() }] },
    },
  });
});

test('the champion is resolved when the stack is deployed, never written into it', () => {
  template('dev', 'serving').hasResourceProperties('AWS::SageMaker::Model', {
    PrimaryContainer: {
      ModelDataUrl: '{{resolve:ssm:/slipway/dev/flight-delay/champion/url}}',
      Environment: { MODEL_VERSION: '{{resolve:ssm:/slipway/dev/flight-delay/champion/version}}' },
    },
  });
});

test('production trains on a GPU, dev on CPU', () => {
  const body = (stage: 'dev' | 'prod') => JSON.stringify(template(stage, 'models').findResources('AWS::SageMaker::Pipeline'));

  expect(body('prod')).toContain('ml.g5.xlarge');
  expect(body('dev')).not.toContain('ml.g5.xlarge');
});

test('each consumer has its own plan, and its key is its client', () => {
  for (const { name, plan } of platform.consumers)
    template('prod', 'application').hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      UsagePlanName: `slipway-prod-${name}`,
      Throttle: { RateLimit: plan.rate, BurstLimit: plan.burst },
    });
  template('prod', 'application').allResourcesProperties('AWS::ApiGateway::ApiKey', {
    Value: { Ref: Match.stringLikeRegexp('DirectoryClient') },
  });
});

test('every route but health and contract needs the authorizer and a plan', () => {
  const open = Object.values(template('prod', 'application').findResources('AWS::ApiGateway::Method')).filter(
    ({ Properties }) => Properties.HttpMethod !== 'OPTIONS' && Properties.AuthorizationType !== 'CUSTOM',
  );

  expect(open.map(({ Properties }) => Properties.OperationName).toSorted()).toEqual(['health', 'openapi']);
});

test('drift and the precision floor call the retrain function directly, and CloudWatch may', () => {
  const application = template('dev', 'application');
  for (const name of ['drift', 'precision-floor'])
    application.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `slipway-dev-flight-delay-${name}`,
      TreatMissingData: 'ignore',
      AlarmActions: Match.arrayWith([{ 'Fn::GetAtt': [Match.stringLikeRegexp('RetrainingFunction'), 'Arn'] }]),
    });
  application.hasResourceProperties('AWS::Lambda::Permission', {
    Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
    Action: 'lambda:InvokeFunction',
  });
  application.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'slipway-dev-retrain',
    ReservedConcurrentExecutions: 1,
  });
});

test('stream mappings halve failing batches, report single failures and keep what never succeeds', () => {
  template('prod', 'application').allResourcesProperties('AWS::Lambda::EventSourceMapping', {
    BisectBatchOnFunctionError: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumRetryAttempts: 5,
    DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
  });
});

test('no policy allows an action of everything', () => {
  const broad = platform.stages.flatMap(({ name }) =>
    ROLES.flatMap((role) =>
      resources(name as 'dev' | 'prod', role).filter(
        ([, { Type, Properties }]) =>
          Type === 'AWS::IAM::Policy' && /"Action":("\*"|"[a-z]+:\*"|\[[^\]]*"[a-z]+:\*")/.test(JSON.stringify(Properties)),
      ),
    ),
  );

  expect(broad.map(([id]) => id)).toEqual([]);
});

test('the functions that decide may start the pipeline and nothing else of SageMaker', () => {
  const own = resources('dev', 'application').filter(
    ([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.startsWith('RetrainingFunctionRole'),
  );
  const actions = own.flatMap(
    ([, { Properties }]) =>
      (Properties?.PolicyDocument as { Statement: { Action: string | string[] }[] } | undefined)?.Statement.flatMap(
        ({ Action }) => Action,
      ) ?? [],
  );

  expect(actions.filter((action) => action.startsWith('sagemaker:'))).toEqual(['sagemaker:StartPipelineExecution']);
  expect(actions).not.toContain('iam:PassRole');
});
