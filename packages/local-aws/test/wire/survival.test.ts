import { connect, type Socket } from 'node:net';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CloudBench, failure } from '../support/cloud-bench';
import { send, sign } from '../support/signed-request';

/** Each connection takes two descriptors of this process, the client's and the server's; SURVIVAL_CONNECTIONS tries more. */
const MANY = Number(process.env.SURVIVAL_CONNECTIONS ?? 1000);
const BATCH = 500;
const MANY_LIMIT_MS = 60_000;
const TableName = 'kept';
let bench: CloudBench;
let client: DynamoDBClient;

beforeAll(async () => {
  bench = await CloudBench.start();
  client = await bench.client(DynamoDBClient);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await client.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' } } }));
});
// Whatever a test did to it, the server goes on serving.
afterEach(async () => {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: { id: { S: 'a' } } }));
  expect(Item).toEqual({ id: { S: 'a' } });
});
afterAll(() => bench.stop());

const BODY = JSON.stringify({ TableName, Key: { id: { S: 'a' } } });

function request(operation: string, body: string | Uint8Array = BODY) {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` };
  return { method: 'POST', path: '/', headers, body };
}

async function answer(raw: ReturnType<typeof request>, change: { key?: object; date?: Date; body?: string } = {}) {
  const key = { ...(await bench.cloud.identities.root()), ...change.key };
  const signed = await sign(bench.cloud.endpoint, raw, key, 'dynamodb', change.date);
  const { status, body } = await send(bench.cloud.endpoint, { ...signed, body: change.body ?? raw.body });
  return { status, text: body.toString() };
}

test.each<[string, Parameters<typeof answer>, number, string]>([
  ['a wrong secret', [request('GetItem'), { key: { secretAccessKey: 'other' } }], 403, 'InvalidSignatureException'],
  ['a body other than the signed one', [request('GetItem'), { body: BODY.replace('a', 'b') }], 400, 'XAmzContentSHA256Mismatch'],
  ['a clock an hour slow', [request('GetItem'), { date: new Date(Date.now() - 3_600_000) }], 403, 'Signature expired'],
  ['a clock an hour fast', [request('GetItem'), { date: new Date(Date.now() + 3_600_000) }], 403, 'Signature not yet current'],
  ['an unknown operation', [request('ExplodeTable')], 400, 'UnknownOperationException'],
  ['text that is no JSON', [request('GetItem', '{"TableName":')], 400, 'SerializationException'],
  ['bytes that are no text', [request('GetItem', new Uint8Array([0, 255, 254, 1]))], 400, 'SerializationException'],
  ['JSON nested without end', [request('GetItem', '['.repeat(200_000))], 400, 'SerializationException'],
])('%s is refused as AWS refuses it', async (_, [raw, change], status, text) => {
  const told = await answer(raw, change);

  expect(told.status).toBe(status);
  expect(told.text).toContain(text);
});

test('a payload over the limit of the service is refused', async () => {
  const Item = { id: { S: 'big' }, text: { S: 'x'.repeat(500_000) } };

  const told = await failure(client.send(new PutItemCommand({ TableName, Item })));

  expect(told).toMatchObject({ name: 'ValidationException', message: 'Item size has exceeded the maximum allowed size' });
});

test('credentials that have ended are refused', async () => {
  const credentials = await bench.cloud.identities.assume('arn:aws:iam::000000000000:role/r', 's', -1);

  expect(await answer(request('GetItem'), { key: credentials })).toMatchObject({
    status: 403,
    text: expect.stringContaining('ExpiredTokenException'),
  });
});

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(bench.cloud.port, '127.0.0.1', () =>
      resolve(socket.off('error', reject).on('error', () => undefined)),
    );
    socket.once('error', reject);
  });
}

test.each<[string, Buffer]>([
  ['zeros', Buffer.alloc(4096)],
  ['a TLS greeting', Buffer.from('16030100a5010000a10303', 'hex')],
  ['random bytes', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 2654435761) >>> 24))],
  ['two lengths', Buffer.from('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx')],
  ['a header without end', Buffer.from(`GET / HTTP/1.1\r\nx: ${'a'.repeat(100_000)}`)],
])('%s on the port end their own connection', async (_, bytes) => {
  const socket = await open();
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  const closed = new Promise((resolve) => socket.once('close', resolve));

  socket.write(bytes);
  await closed;

  expect(Buffer.concat(received).toString()).toMatch(/^(HTTP\/1\.1 4\d\d .*)?/);
});

test('clients that send a request byte by byte, or half of one, hold up nobody', async () => {
  const slow = await Promise.all(Array.from({ length: 50 }, open));
  for (const socket of slow) socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhalf');
  for (const socket of slow.slice(0, 25)) socket.end();

  await expect(client.send(new GetItemCommand({ TableName, Key: { id: { S: 'a' } } }))).resolves.toBeDefined();

  for (const socket of slow) socket.destroy();
});

test(
  `${MANY} open connections leave the server serving`,
  async () => {
    const sockets: Socket[] = [];
    for (let index = 0; index < MANY; index += BATCH) sockets.push(...(await Promise.all(Array.from({ length: BATCH }, open))));

    await expect(client.send(new GetItemCommand({ TableName, Key: { id: { S: 'a' } } }))).resolves.toBeDefined();

    expect(sockets.filter((socket) => !socket.destroyed)).toHaveLength(MANY);
    for (const socket of sockets) socket.destroy();
  },
  MANY_LIMIT_MS,
);
