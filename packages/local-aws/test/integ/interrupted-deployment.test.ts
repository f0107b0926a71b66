import {
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KilledCloud } from './killed-cloud';
import { chance, pause } from './killing';

/** Kills in this run; INTERRUPTIONS asks for more. */
const INTERRUPTIONS = Number(process.env.INTERRUPTIONS ?? 6);
const SEED = Number(process.env.SEED ?? 1);
const LONGEST_WAIT_MS = 70;
const StackName = 'victim';
const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** Variants differ in place, in what they replace and in what they have; a broken one fails after all else. */
function template(variant: number, broken: boolean): object {
  const text = `variant ${variant}`;
  const resources: Record<string, object> = {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: false,
        Tags: [{ Key: 'text', Value: text }],
      },
    },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags: [{ Key: 'text', Value: text }] } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `queue-${variant}` } },
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: TRUST, Description: text } },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { ZipFile: 'exports.handler = async () => 1;' },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Environment: { Variables: { QUEUE: { Ref: 'Queue' }, TABLE: { Ref: 'Table' }, TEXT: text } },
      },
    },
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: text } },
  };
  if (variant % 2 === 1) resources.Extra = { Type: 'AWS::SQS::Queue', DependsOn: 'Function' };
  if (broken)
    resources.Broken = {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: '/broken', Type: 'String', Value: 'x', AllowedPattern: '^y$' },
      DependsOn: ['Function', 'Bucket', 'Api'],
    };
  return { Resources: resources };
}

let cloud: KilledCloud;
let sets = 0;
const random = chance(SEED);

beforeAll(async () => {
  cloud = await KilledCloud.start();
});
afterAll(() => cloud.stop());

async function status(): Promise<string> {
  const answer = await cloud.cloudFormation.send(new DescribeStacksCommand({ StackName })).catch((error: Error) => {
    if (error.message !== `Stack with id ${StackName} does not exist`) throw error;
    return undefined;
  });
  return answer?.Stacks?.[0]?.StackStatus ?? 'GONE';
}

async function settled(): Promise<string> {
  for (;;) {
    const now = await status();
    if (!now.endsWith('_IN_PROGRESS') || now === 'REVIEW_IN_PROGRESS') return now;
    await pause(10);
  }
}

interface Move {
  readonly name: string;
  readonly begin: () => Promise<unknown>;
  /** Where the stack may rest afterwards. */
  readonly ends: readonly string[];
}

async function deployment(from: string, variant: number): Promise<Move> {
  const broken = random() < 0.4;
  const kind = from === 'GONE' || from === 'REVIEW_IN_PROGRESS' ? 'CREATE' : 'UPDATE';
  const client = cloud.cloudFormation;
  const ChangeSetName = `set-${sets++}`;
  await client.send(
    new CreateChangeSetCommand({
      StackName,
      ChangeSetName,
      ChangeSetType: kind,
      TemplateBody: JSON.stringify(template(variant, broken)),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  const end = broken ? { CREATE: 'ROLLBACK_COMPLETE', UPDATE: 'UPDATE_ROLLBACK_COMPLETE' }[kind] : `${kind}_COMPLETE`;
  return {
    name: `${kind} of variant ${variant}${broken ? ', broken' : ''}`,
    begin: () => client.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName })),
    // The request itself may be lost.
    ends: [end, from === 'GONE' ? 'REVIEW_IN_PROGRESS' : from],
  };
}

function nextMove(from: string, variant: number): Promise<Move> | Move {
  const client = cloud.cloudFormation;
  const deletable = from !== 'GONE' && from !== 'REVIEW_IN_PROGRESS';
  if (from === 'ROLLBACK_COMPLETE' || (deletable && random() < 0.25))
    return { name: 'DELETE', begin: () => client.send(new DeleteStackCommand({ StackName })), ends: ['GONE', from] };
  return deployment(from, variant);
}

/** Physical ids that the stack knows, by type, among `types`. */
async function known(types: readonly string[]): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = Object.fromEntries(types.map((type) => [type, []]));
  if ((await status()) === 'GONE') return found;
  const { StackResources } = await cloud.cloudFormation.send(new DescribeStackResourcesCommand({ StackName }));
  for (const { ResourceType = '', PhysicalResourceId = '' } of StackResources ?? [])
    found[ResourceType]?.push(PhysicalResourceId);
  return found;
}

const sorted = (ids: Record<string, string[]>): object =>
  Object.fromEntries(Object.entries(ids).map(([type, list]) => [type, list.toSorted()]));

async function checkItem(write: boolean): Promise<void> {
  const { 'AWS::DynamoDB::Table': [TableName] = [] } = await known(['AWS::DynamoDB::Table']);
  if (TableName === undefined) return;
  const client = cloud.client(DynamoDBClient);
  if (write) await client.send(new PutItemCommand({ TableName, Item: { id: { S: 'kept' } } }));
  else
    expect((await client.send(new GetItemCommand({ TableName, Key: { id: { S: 'kept' } } }))).Item).toEqual({
      id: { S: 'kept' },
    });
}

test(`a stack whose server is killed ${INTERRUPTIONS} times settles each time, with nothing lost, nothing left over and nothing made twice`, async () => {
  const killedIn: Record<string, number> = {};
  let kills = 0;
  for (let variant = 0; kills < INTERRUPTIONS; variant += 1) {
    const from = await status();
    const move = await nextMove(from, variant);
    void move.begin().catch(() => undefined);
    // Some are killed again while they go on.
    do {
      await pause(random() * LONGEST_WAIT_MS);
      await cloud.kill();
      kills += 1;
      await cloud.run();
      const found = await status();
      killedIn[found] = (killedIn[found] ?? 0) + 1;
    } while (random() < 0.4);

    const end = await settled();

    expect({ move: move.name, end: move.ends.includes(end) ? 'as expected' : end }).toEqual({
      move: move.name,
      end: 'as expected',
    });
    const inventory = await cloud.inventory();
    expect({ move: move.name, ...sorted(inventory) }).toEqual({
      move: move.name,
      ...sorted(await known(Object.keys(inventory))),
    });
    if (end.startsWith('UPDATE')) await checkItem(false);
    if (end === 'CREATE_COMPLETE') await checkItem(true);
  }
  if (process.env.INTERRUPTIONS !== undefined) console.log(killedIn);
});
