import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DescribeEndpointCommand,
  SageMakerClient,
  UpdateEndpointCommand,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { sourceZip } from '../../src/services/lambda/source-zip';
import { KilledCloud } from './killed-cloud';
import { eventually, limitOf, orphans, planOf, underKills } from './killing';

const IMAGE = '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.0-5';
const PLAN = planOf('PROMOTION_KILLS', 2, 2500, 0.2);
const EndpointName = 'champion';
const CONFIGS = ['odd', 'even'] as const;
const INFERENCE = `
import os
def model_fn(folder):
    return os.environ['MODEL_VERSION']
def input_fn(body, content_type):
    return body
def predict_fn(data, model):
    return model
def output_fn(prediction, accept):
    return prediction, 'text/plain'
`;
const NOTE = `const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
exports.handler = ({ detail }) =>
  client.send(new PutItemCommand({ TableName: 'approved', Item: { id: { S: detail.ModelPackageArn } } }));`;

let cloud: KilledCloud;
let packageArn = '';
let asked = { update: false, approval: false };
let acknowledged = { update: false, approval: false, parameter: false };

const sagemaker = (): SageMakerClient => cloud.client(SageMakerClient);
const dynamo = (): DynamoDBClient => cloud.client(DynamoDBClient);

function artefact(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'artefact-'));
  writeFileSync(join(folder, 'inference.py'), INFERENCE);
  const archive = execFileSync('tar', ['-czf', '-', '-C', folder, 'inference.py']);
  rmSync(folder, { recursive: true });
  return archive;
}

async function prepareEndpoint(ExecutionRoleArn: string): Promise<void> {
  await cloud.client(S3Client).send(new CreateBucketCommand({ Bucket: 'models' }));
  await cloud.client(S3Client).send(new PutObjectCommand({ Bucket: 'models', Key: 'model.tar.gz', Body: artefact() }));
  for (const name of CONFIGS) {
    const Environment = {
      SAGEMAKER_PROGRAM: 'inference.py',
      SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model',
      MODEL_VERSION: name,
    };
    const PrimaryContainer = { Image: IMAGE, ModelDataUrl: 's3://models/model.tar.gz', Environment };
    await sagemaker().send(new CreateModelCommand({ ModelName: name, ExecutionRoleArn, PrimaryContainer }));
    const variant = { VariantName: 'all', ModelName: name, InstanceType: 'ml.m5.large' as const, InitialInstanceCount: 2 };
    await sagemaker().send(new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants: [variant] }));
  }
  await sagemaker().send(new CreateEndpointCommand({ EndpointName, EndpointConfigName: 'even' }));
}

/** A function that notes each approval of which EventBridge tells it. */
async function prepareEvents(Role: string): Promise<void> {
  await dynamo().send(
    new CreateTableCommand({
      TableName: 'approved',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  const Code = { ZipFile: sourceZip('index.js', NOTE) };
  const lambda = cloud.client(LambdaClient);
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({ FunctionName: 'note', Runtime: 'nodejs24.x', Handler: 'index.handler', Role, Code, Timeout: 30 }),
  );
  const events = cloud.client(EventBridgeClient);
  const EventPattern = JSON.stringify({
    source: ['aws.sagemaker'],
    'detail-type': ['SageMaker Model Package State Change'],
    detail: { ModelApprovalStatus: ['Approved'] },
  });
  const { RuleArn } = await events.send(new PutRuleCommand({ Name: 'approved', EventPattern }));
  const permission = { StatementId: 's', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com', SourceArn: RuleArn };
  await lambda.send(new AddPermissionCommand({ FunctionName: 'note', ...permission }));
  await events.send(new PutTargetsCommand({ Rule: 'approved', Targets: [{ Id: '1', Arn: FunctionArn }] }));
  await sagemaker().send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'models' }));
}

const settled = () =>
  eventually(async () => {
    const found = await sagemaker().send(new DescribeEndpointCommand({ EndpointName }));
    return found.EndpointStatus === 'Updating' || found.EndpointStatus === 'Creating' ? undefined : found;
  });

beforeAll(async () => {
  cloud = await KilledCloud.start();
  const role = await cloud.role('all', 'sagemaker', 'lambda');
  await prepareEndpoint(role);
  await prepareEvents(role);
  await settled();
});
afterAll(() => cloud.stop());

const wanted = (round: number): (typeof CONFIGS)[number] => (round % 2 === 0 ? 'odd' : 'even');
const approve = (): Promise<unknown> =>
  sagemaker().send(new UpdateModelPackageCommand({ ModelPackageArn: packageArn, ModelApprovalStatus: 'Approved' }));

async function prepare(): Promise<void> {
  asked = { update: false, approval: false };
  acknowledged = { update: false, approval: false, parameter: false };
  const input = { ModelPackageGroupName: 'models', ModelApprovalStatus: 'PendingManualApproval' as const };
  packageArn = (await sagemaker().send(new CreateModelPackageCommand(input))).ModelPackageArn ?? '';
}

async function update(EndpointConfigName: string): Promise<void> {
  asked.update = true;
  const TrafficRoutingConfiguration = {
    Type: 'CANARY' as const,
    CanarySize: { Type: 'CAPACITY_PERCENT' as const, Value: 50 },
    WaitIntervalInSeconds: 1,
  };
  const DeploymentConfig = { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration, TerminationWaitInSeconds: 0 } };
  await sagemaker().send(new UpdateEndpointCommand({ EndpointName, EndpointConfigName, DeploymentConfig }));
  acknowledged.update = true;
}

async function work(round: number, isDown: () => boolean): Promise<void> {
  const steps = [
    () => update(wanted(round)),
    async () => {
      while (!acknowledged.approval && !isDown()) {
        asked.approval = true;
        await approve();
        acknowledged.approval = true;
      }
    },
    async () => {
      const ssm = cloud.client(SSMClient);
      await ssm.send(new PutParameterCommand({ Name: '/champion', Type: 'String', Value: String(round), Overwrite: true }));
      acknowledged.parameter = true;
    },
  ];
  await Promise.all(steps.map((step) => step().catch(() => undefined)));
}

async function versionsAnswered(count: number): Promise<string[]> {
  const runtime = cloud.client(SageMakerRuntimeClient);
  const answers = Array.from({ length: count }, () =>
    runtime.send(new InvokeEndpointCommand({ EndpointName, Body: 'x', ContentType: 'text/csv' })),
  );
  return [...new Set((await Promise.all(answers)).map(({ Body }) => Buffer.from(Body).toString()))];
}

async function check(round: number): Promise<void> {
  expect(orphans(cloud.stateDir, cloud.pid)).toEqual([]);
  for (const version of await versionsAnswered(4)) expect(CONFIGS).toContain(version);
  const { EndpointStatus, EndpointConfigName = '', FailureReason } = await settled();
  expect({ EndpointStatus, FailureReason }).toEqual({ EndpointStatus: 'InService' });
  expect(await versionsAnswered(6)).toEqual([EndpointConfigName]);
  if (acknowledged.update) expect(EndpointConfigName).toBe(wanted(round));
  else {
    expect(asked.update).toBe(true);
    if (EndpointConfigName !== wanted(round)) await update(wanted(round)).then(settled);
  }
  // A client that got no answer asks again, and the event comes whichever call it was that approved.
  if (!acknowledged.approval) await approve();
  const id = { S: packageArn };
  await eventually(async () => (await dynamo().send(new GetItemCommand({ TableName: 'approved', Key: { id } }))).Item);
  if (!acknowledged.parameter) return;
  const { Parameter } = await cloud.client(SSMClient).send(new GetParameterCommand({ Name: '/champion' }));
  expect(Parameter?.Value).toBe(String(round));
}

test(
  `an update of an endpoint and an approval that are killed ${PLAN.kills} times go on: one version answers, and the event arrives`,
  async () => {
    await underKills(cloud, PLAN, { prepare, work, check });
  },
  limitOf(PLAN),
);
