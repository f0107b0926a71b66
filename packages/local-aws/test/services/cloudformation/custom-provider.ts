import { request } from 'node:http';
import type { StackBench } from '../../support/stack-bench';

/** What the function of a custom resource was given. */
export interface CustomRequest {
  readonly RequestType: string;
  readonly RequestId: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, string>>;
  readonly OldResourceProperties?: Readonly<Record<string, string>>;
}

// Puts what it is given into a queue and answers nothing: the test does.
const SOURCE = `
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
exports.handler = async (event) => {
  if (event.ResourceProperties.mode === 'crash') throw new Error('it was told to');
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: JSON.stringify(event) }));
};`;

/** A stack with a function that custom resources of other stacks import as `provider`. */
export const PROVIDER = {
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'custom-requests' } },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        Policies: [
          {
            PolicyName: 'send',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
            },
          },
        ],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'silent-provider',
        Code: { ZipFile: SOURCE },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Timeout: 60,
        MemorySize: 512,
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Environment: { Variables: { QUEUE: { Ref: 'Queue' } } },
      },
    },
  },
  Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Function', 'Arn'] }, Export: { Name: 'provider' } } },
};

/** Lambda may deliver an asynchronous event twice when its server is restarted; CloudFormation's request is the same then. */
const seen = new Set<string>();

/** The next `count` requests, and with 0 those that are there already. */
export async function requests(bench: StackBench, count: number): Promise<CustomRequest[]> {
  const { account, region } = bench.bench.cloud;
  const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/custom-requests`;
  const found: CustomRequest[] = [];
  for (let attempt = 0; attempt < 1000 && (attempt === 0 || found.length < count); attempt += 1) {
    const { Messages } = await bench.call<{ Messages?: { Body: string; ReceiptHandle: string }[] }>('sqs', 'ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
    });
    for (const { Body, ReceiptHandle } of Messages ?? []) {
      await bench.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
      const one = JSON.parse(Body) as CustomRequest;
      if (!seen.has(one.RequestId)) found.push(one);
      seen.add(one.RequestId);
    }
    if (found.length < count) await new Promise((resolve) => setTimeout(resolve, 25));
  }
  if (found.length < count) throw new Error(`the function was not asked ${count} times`);
  return found;
}

/** Answers for the function, and gives the HTTP status of the answer. */
export function answer(bench: StackBench, asked: CustomRequest | undefined, reply: object | string): Promise<number | undefined> {
  if (asked === undefined) throw new Error('there is no request to answer');
  const { hostname, pathname } = new URL(asked.ResponseURL);
  const { StackId, RequestId, LogicalResourceId } = asked;
  const body = typeof reply === 'string' ? reply : JSON.stringify({ StackId, RequestId, LogicalResourceId, ...reply });
  return new Promise((resolve, reject) => {
    const sent = request(
      `${bench.bench.cloud.endpoint}${pathname}`,
      { method: 'PUT', headers: { host: hostname } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    sent.on('error', reject).end(body);
  });
}
