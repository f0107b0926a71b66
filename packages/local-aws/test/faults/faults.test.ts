import { get } from 'node:http';
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { BatchGetItemCommand, BatchWriteItemCommand, CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { CreateKeyCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { AddPermissionCommand, CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { FaultInput } from '../../src/faults/fault';
import { sourceZip } from '../../src/services/lambda/source-zip';
import { CloudBench, failure } from '../support/cloud-bench';
import { makeRole } from '../support/role';

let bench: CloudBench;

beforeAll(async () => {
  bench = await CloudBench.start({ startAt: Date.UTC(2030, 0, 1) });
  const kinesis = await bench.client(KinesisClient);
  for (const StreamName of ['events', 'other']) await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await bench.cloud.clock.advance(60_000);
});
afterEach(() => bench.cloud.faults.clear());
afterAll(() => bench.stop());

const add = (fault: FaultInput) => bench.cloud.faults.add(fault);
const PUT = { service: 'kinesis', operation: 'PutRecord' } as const;

async function put(StreamName = 'events'): Promise<unknown> {
  const kinesis = await bench.client(KinesisClient);
  return kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from('x') }));
}

async function outcomes(count: number): Promise<string> {
  let text = '';
  for (let index = 0; index < count; index += 1)
    text += await put().then(
      () => '.',
      () => 'x',
    );
  return text;
}

test('an error is the one that was asked for, with the status of its model, at the resource that was named', async () => {
  await add({ kind: 'error', ...PUT, resource: 'events', error: 'KMSDisabledException' });

  expect(await failure(put())).toMatchObject({ name: 'KMSDisabledException', status: 400 });
  await expect(put('other')).resolves.toBeDefined();
});

test.each([
  ['kinesis', 'ProvisionedThroughputExceededException', 400, () => put()],
  [
    'lambda',
    'TooManyRequestsException',
    429,
    async () => (await bench.client(LambdaClient)).send(new InvokeCommand({ FunctionName: 'f' })),
  ],
  ['kms', 'ThrottlingException', 400, async () => (await bench.client(KMSClient)).send(new CreateKeyCommand({}))],
])('%s throttles with its own error', async (service, name, status, call) => {
  await add({ kind: 'throttle', service });

  expect(await failure(call())).toMatchObject({ name, status });
});

test('a rate hits the same calls whenever the seed is the same, and a count ends it', async () => {
  const fault = { kind: 'throttle', ...PUT, rate: 0.5, seed: 7 } as const;
  await add(fault);
  const first = await outcomes(12);
  await bench.cloud.faults.clear();
  await add({ ...fault, count: 2 });
  const second = await outcomes(12);

  expect(first).toMatch(/^(?=.*x)(?=.*\.)/);
  const cut = first.split('x', 2).join('x').length + 1;
  expect(second).toBe(first.slice(0, cut) + '.'.repeat(12 - cut));
  expect(bench.cloud.faults.list()).toEqual([]);
});

test('a fault ends with its time on the clock', async () => {
  await add({ kind: 'throttle', ...PUT, forMs: 60_000 });
  expect(await outcomes(1)).toBe('x');

  await bench.cloud.clock.advance(61_000);

  expect(await outcomes(1)).toBe('.');
});

test('faults and their hits survive a restart', async () => {
  const { id } = await add({ kind: 'throttle', ...PUT });
  await outcomes(2);

  await bench.restart();

  expect(bench.cloud.faults.list()).toMatchObject([{ id, hits: 2, seen: 2 }]);
  expect(await outcomes(1)).toBe('x');
});

test('entries of a batch of records fail alone, and the others have their sequence numbers', async () => {
  const kinesis = await bench.client(KinesisClient);
  const Records = Array.from({ length: 20 }, (_, index) => ({ PartitionKey: String(index), Data: Buffer.from('x') }));
  await add({ kind: 'partial', service: 'kinesis', operation: 'PutRecords', partial: 0.5, seed: 1, count: 1 });
  const answer = await kinesis.send(new PutRecordsCommand({ StreamName: 'events', Records }));

  const failed = answer.Records?.filter(({ ErrorCode }) => ErrorCode === 'ProvisionedThroughputExceededException') ?? [];
  expect(failed.length).toBe(answer.FailedRecordCount);
  expect(failed.length).toBeGreaterThan(0);
  expect(answer.Records?.filter(({ SequenceNumber }) => SequenceNumber !== undefined)).toHaveLength(20 - failed.length);
});

test('batches of other services fail in part as AWS shapes it', async () => {
  const dynamodb = await bench.client(DynamoDBClient);
  const sqs = await bench.client(SQSClient);
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'things',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  for (const [service, operation] of [
    ['dynamodb', 'BatchWriteItem'],
    ['dynamodb', 'BatchGetItem'],
    ['sqs', 'SendMessageBatch'],
  ] as const)
    await add({ kind: 'partial', service, operation, partial: 0.5, seed: 3 });

  const things = ids.map((id) => ({ PutRequest: { Item: { id: { S: id } } } }));
  const written = await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { things } }));
  const Keys = ids.map((id) => ({ id: { S: id } }));
  const got = await dynamodb.send(new BatchGetItemCommand({ RequestItems: { things: { Keys } } }));
  const Entries = ids.map((Id) => ({ Id, MessageBody: Id }));
  const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

  const left = written.UnprocessedItems?.things?.length ?? 0;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(8);
  expect(got.UnprocessedKeys?.things?.Keys?.length).toBeGreaterThan(0);
  expect(sent.Failed?.[0]).toMatchObject({ Code: 'InternalError', SenderFault: false });
  expect((sent.Failed?.length ?? 0) + (sent.Successful?.length ?? 0)).toBe(8);
});

/** A function that answers after a while, and the address of a REST API before it. */
async function slowApi(): Promise<string> {
  const lambda = await bench.client(LambdaClient);
  const gateway = await bench.client(APIGatewayClient);
  const source = 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 300, { statusCode: 200, body: "ok" }));';
  const Code = { ZipFile: sourceZip('index.js', source) };
  const Role = await makeRole(bench.cloud, 'function', ['lambda']);
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({ FunctionName: 'slow', Runtime: 'nodejs24.x', Handler: 'index.handler', Role, Code }),
  );
  const caller = { Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com', StatementId: 'api' };
  await lambda.send(new AddPermissionCommand({ FunctionName: 'slow', ...caller }));
  const { id: restApiId, rootResourceId: resourceId } = await gateway.send(new CreateRestApiCommand({ name: 'slow' }));
  const method = { restApiId, resourceId, httpMethod: 'GET' };
  await gateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  const uri = `arn:aws:apigateway:${bench.cloud.region}:lambda:path/2015-03-31/functions/${FunctionArn}/invocations`;
  await gateway.send(new PutIntegrationCommand({ ...method, type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri }));
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'v1' }));
  return `${bench.cloud.endpoint}/restapis/${restApiId}/v1/_user_request_/`;
}

test('a process that dies in mid-call is the exit that Lambda tells and a 502 of the API; the next call finds a new one', async () => {
  const url = await slowApi();
  const lambda = await bench.client(LambdaClient);
  await add({ kind: 'kill-environment', resource: 'slow', count: 1 });
  const killed = await lambda.send(new InvokeCommand({ FunctionName: 'slow' }));
  await add({ kind: 'kill-environment', resource: 'slow', count: 1 });

  const refused = await fetch(url);
  const next = await fetch(url);

  expect(killed.FunctionError).toBe('Unhandled');
  expect(killed.Payload?.transformToString()).toContain('Runtime.ExitError');
  expect([refused.status, await refused.json()]).toEqual([502, { message: 'Internal server error' }]);
  expect([next.status, await next.text()]).toEqual([200, 'ok']);
});

test('a disabled key encrypts again when the fault is cleared, and a stopped clock runs again', async () => {
  const kms = await bench.client(KMSClient);
  const KeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? '';
  const encrypt = () => kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
  await add({ kind: 'disabled-key', resource: KeyId });
  await add({ kind: 'stop-clock' });
  expect((await failure(encrypt())).name).toBe('DisabledException');
  expect(bench.cloud.clock.snapshot().paused).toBe(true);

  await bench.cloud.faults.clear();

  await expect(encrypt()).resolves.toBeDefined();
  expect(bench.cloud.clock.snapshot().paused).toBe(false);
});

test("the issuer's keys are unavailable while they are down", async () => {
  const keys = () => fetch(`${bench.cloud.endpoint}/eu-west-1_abc/.well-known/jwks.json`);
  const before = (await keys()).status;
  await add({ kind: 'jwks-down' });

  expect((await keys()).status).toBe(503);
  await bench.cloud.faults.clear();
  expect((await keys()).status).toBe(before);
});

test('keys that hang give no answer until the fault is cleared', async () => {
  const ask = () =>
    new Promise<string>((resolve) => {
      const request = get(`${bench.cloud.endpoint}/eu-west-1_abc/.well-known/jwks.json`, { agent: false }, (response) => {
        response.resume();
        resolve('answered');
      });
      request.on('error', () => resolve('given up'));
      request.setTimeout(300, () => request.destroy(new Error('silence')));
    });
  await add({ kind: 'jwks-down', answer: 'hang', count: 1 });

  expect([await ask(), await ask()]).toEqual(['given up', 'answered']);
});

test('a call with latency answers as ever, but not before; other calls do not wait for it', async () => {
  const order: string[] = [];
  await add({ kind: 'latency', ...PUT, resource: 'events', latencyMs: 1500, count: 1 });
  const late = put().then((answer) => {
    order.push('late');
    return answer;
  });
  while (bench.cloud.faults.list().length > 0) await new Promise((resolve) => setTimeout(resolve, 1));

  await put('other');
  order.push('other');
  await put();
  order.push('next');

  expect(await late).toMatchObject({ ShardId: expect.any(String) });
  expect(order).toEqual(['other', 'next', 'late']);
});

test('errors that can be asked for are those of the model, not classes of the SDK', async () => {
  const told = await failure(add({ kind: 'error', service: 'kinesis', error: 'KinesisServiceException' }));

  expect(told.message).toMatch(/^error: kinesis has no 'KinesisServiceException', allowed: (?!.*KinesisServiceException)/m);
});

test.each<[FaultInput, RegExp[]]>([
  [
    { kind: 'error', service: 'kinesiss', error: 'X', rate: 2 },
    [/^service: no service 'kinesiss', allowed: .*kinesis/m, /^rate: /m],
  ],
  [
    { kind: 'error', service: 'kinesis', operation: 'Put', error: 'Nope' },
    [/^operation: kinesis has no 'Put', allowed: .*PutRecords/m, /^error: kinesis has no 'Nope', allowed: .*LimitExceeded/m],
  ],
  [{ kind: 'partial', service: 'kinesis', operation: 'PutRecord' }, [/^partial: /m, /^operation: partial failures are of /m]],
  [{ kind: 'latency', service: 's3', count: 0 }, [/^latencyMs: /m, /^count: .* given 0/m]],
  [{ kind: 'kill-environment' }, [/^resource: kind kill-environment needs one/m]],
  [{ kind: 'meteor' } as never, [/^kind: no kind 'meteor', allowed: latency, error/m]],
])('%j is refused with every problem of it', async (fault, problems) => {
  const told = await failure(add(fault));

  for (const problem of problems) expect(told.message).toMatch(problem);
  expect(bench.cloud.faults.list()).toEqual([]);
});
