import { connect } from 'node:net';
import { CborCodec } from '@smithy/core/cbor';
import { CloudBench } from '../support/cloud-bench';
import { type Answer, type Key, type Raw, send, sign } from '../support/signed-request';

let bench: CloudBench;
let root: Key;

beforeAll(async () => {
  bench = await CloudBench.start();
  root = await bench.cloud.identities.root();
  await call({ method: 'PUT', path: '/bucket' }, 's3');
});
afterAll(() => bench.stop());

async function call(raw: Raw, service: string): Promise<Answer> {
  return send(bench.cloud.endpoint, await sign(bench.cloud.endpoint, raw, root, service));
}

async function works(): Promise<boolean> {
  return (await call({ method: 'GET', path: '/' }, 's3')).status === 200;
}

const json = (target: string, body: string | Uint8Array): Raw => ({
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
  body,
});
const form = (body: string): Raw => ({
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body,
});
const cbor = (operation: string, body: Uint8Array): Raw => ({
  method: 'POST',
  path: `/service/GraniteServiceVersion20100801/operation/${operation}`,
  headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
  body,
});
const NOISE = Buffer.from([0x00, 0xff, 0xfe, 0x80, 0x1f, 0x8b, 0x7b, 0x22, 0xc3, 0x28, 0xf0, 0x9f]);

function decoded(answer: Answer): Record<string, unknown> {
  return new CborCodec().createDeserializer().read(15 as never, answer.body) as unknown as Record<string, unknown>;
}

describe("an error has its protocol's shape", () => {
  test('JSON', async () => {
    const answer = await call(json('TrentService.DescribeKey', '{"KeyId":"nope"}'), 'kms');
    expect(answer).toMatchObject({
      // Whatever status the model names: AWS's JSON has 400 for all that a client got wrong.
      status: 400,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amzn-errortype': 'NotFoundException',
        'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      __type: 'NotFoundException',
      message: "Key 'arn:aws:kms:eu-west-1:000000000000:key/nope' does not exist",
    });
  });

  test('query', async () => {
    const answer = await call(form('Action=GetRole&Version=2010-05-08&RoleName=ab'), 'iam');
    expect(answer).toMatchObject({ status: 404, headers: { 'content-type': 'text/xml' } });
    expect(answer.body.toString()).toMatch(
      /^<ErrorResponse xmlns="https:\/\/iam\.amazonaws\.com\/doc\/2010-05-08\/"><Error><Type>Sender<\/Type><Code>NoSuchEntity<\/Code><Message>The role with name ab cannot be found\.<\/Message><\/Error><RequestId>[0-9a-f-]{36}<\/RequestId><\/ErrorResponse>$/,
    );
  });

  test('query, with what XML must escape', async () => {
    const answer = await call(form('Action=DescribeStacks&Version=2010-05-15&StackName=a%26b'), 'cloudformation');
    expect(answer.body.toString()).toContain('<Message>Stack with id a&amp;b does not exist</Message>');
  });

  test('REST XML', async () => {
    const answer = await call({ method: 'GET', path: '/bucket/a%3Cb' }, 's3');
    expect(answer).toMatchObject({
      status: 404,
      headers: { 'content-type': 'application/xml', 'x-amz-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    expect(answer.body.toString()).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<Error><Code>NoSuchKey<\/Code><Message>The specified key does not exist\.<\/Message><Key>a&lt;b<\/Key><RequestId>[0-9a-f-]{36}<\/RequestId><HostId>local<\/HostId><\/Error>$/,
    );
    const head = await call({ method: 'HEAD', path: '/bucket/nope' }, 's3');
    expect([head.status, head.body.length]).toEqual([404, 0]);
  });

  test('REST JSON', async () => {
    const answer = await call({ method: 'GET', path: '/2015-03-31/functions/nope' }, 'lambda');
    expect(answer).toMatchObject({ status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } });
    expect(JSON.parse(answer.body.toString())).toMatchObject({ message: expect.stringContaining('function:nope') });
  });

  test('CBOR', async () => {
    const serializer = new CborCodec().createSerializer();
    serializer.write(15 as never, { AlarmName: 'nope', StateValue: 'OK', StateReason: 'r' });
    const answer = await call(cbor('SetAlarmState', Buffer.from(serializer.flush())), 'monitoring');
    expect(answer).toMatchObject({
      status: 404,
      headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
    });
    expect(answer.headers['x-amzn-query-error']).toBe('ResourceNotFound;Sender');
    expect(decoded(answer).__type).toMatch(/ResourceNotFound$/);
  });
});

describe('an operation that is not known', () => {
  test.each([
    ['JSON', json('TrentService.Nope', '{}'), 'kms', 400, 'UnknownOperationException'],
    ['another target', json('Nope.Nope', '{}'), 'kms', 404, 'UnknownOperationException'],
    [
      'one that AWS has and the local AWS has not',
      json('TrentService.DescribeCustomKeyStores', '{}'),
      'kms',
      400,
      'UnknownOperationException',
    ],
    ['streams of tables', json('DynamoDBStreams_20120810.ListStreams', '{}'), 'dynamodb', 404, 'UnknownOperationException'],
    ['query', form('Action=Nope'), 'iam', 400, '<Code>InvalidAction</Code>'],
    ['no action', form(''), 'iam', 400, '<Code>InvalidAction</Code>'],
    ['REST XML', { method: 'PATCH', path: '/bucket/key' }, 's3', 405, '<Code>MethodNotAllowed</Code>'],
    ['REST JSON', { method: 'GET', path: '/nope' }, 'lambda', 404, 'UnknownOperationException'],
    ['CBOR', cbor('Nope', Buffer.from([0xa0])), 'monitoring', 400, 'UnknownOperationException'],
    ['another service', json('Nope.Nope', '{}'), 'nope', 404, 'UnknownOperationException'],
  ] as [string, Raw, string, number, string][])('is told so: %s', async (_, raw, service, status, code) => {
    const answer = await call(raw, service);
    expect(answer.status).toBe(status);
    expect(answer.body.toString() + JSON.stringify(answer.headers)).toContain(code);
  });
});

describe('a body of noise', () => {
  test.each([
    ['JSON', json('TrentService.DescribeKey', NOISE), 'kms', 'SerializationException'],
    ['JSON null', json('TrentService.DescribeKey', 'null'), 'kms', 'SerializationException'],
    ['JSON text', json('TrentService.DescribeKey', '"text"'), 'kms', 'SerializationException'],
    ['JSON of another type', json('TrentService.DescribeKey', '{"KeyId":{"a":[1]}}'), 'kms', 'KeyId is not of the type string'],
    ['query', { ...form(''), body: NOISE }, 'iam', '<Code>InvalidAction</Code>'],
    ['REST XML', { method: 'PUT', path: '/bucket', query: { versioning: '' }, body: NOISE }, 's3', '<Code>MalformedXML</Code>'],
    ['REST JSON', { method: 'POST', path: '/2015-03-31/functions', body: NOISE }, 'lambda', 'SerializationException'],
    ['CBOR', cbor('SetAlarmState', NOISE), 'monitoring', 'SerializationException'],
    [
      'false gzip',
      {
        ...json('TrentService.DescribeKey', NOISE),
        headers: { ...json('TrentService.DescribeKey', '').headers, 'content-encoding': 'gzip' },
      },
      'kms',
      'SerializationException',
    ],
    ['a path that is no text', { method: 'GET', path: '/bucket/%zz' }, 's3', '<Code>InvalidURI</Code>'],
    ['a bucket that is no text', { method: 'GET', path: '/%ff/key' }, 's3', '<Code>InvalidURI</Code>'],
    [
      'a missing member',
      json('TrentService.DescribeKey', '{}'),
      'kms',
      "Value null at 'keyId' failed to satisfy constraint: Member must not be null",
    ],
  ] as [string, Raw, string, string][])('is refused with a 4xx: %s', async (_, raw, service, code) => {
    const answer = await call(raw, service);
    expect(answer.body.toString() + JSON.stringify(answer.headers)).toContain(code);
    expect([answer.status >= 400, answer.status < 500]).toEqual([true, true]);
    expect(await works()).toBe(true);
  });
});

test('chunks that are cut off or longer than declared are refused, and nothing is stored', async () => {
  const chunked = (body: string, length: string): Raw => ({
    method: 'PUT',
    path: '/bucket/chunked',
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': length,
    },
    body,
  });
  for (const [body, length] of [
    ['5\r\nhello\r\n', '5'],
    ['9\r\nhello\r\n', '9'],
    ['zz\r\nhello\r\n0\r\n\r\n', '5'],
    ['5\r\nhello\r\n0\r\n\r\n', '10'],
  ] as const) {
    const answer = await call(chunked(body, length), 's3');
    expect([answer.status, answer.body.toString()]).toEqual([400, expect.stringContaining('<Code>IncompleteBody</Code>')]);
  }
  expect((await call({ method: 'GET', path: '/bucket/chunked' }, 's3')).status).toBe(404);

  expect((await call(chunked('5\r\nhello\r\n1;chunk-signature=x\r\n!\r\n0\r\n\r\n', '6'), 's3')).status).toBe(200);
  expect((await call({ method: 'GET', path: '/bucket/chunked' }, 's3')).body.toString()).toBe('hello!');
});

test('a body in chunks that are signed wrongly is refused, and nothing is stored', async () => {
  const headers = { 'content-encoding': 'aws-chunked', 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' };
  const body = `5;chunk-signature=${'0'.repeat(64)}\r\nhello\r\n0;chunk-signature=${'0'.repeat(64)}\r\n\r\n`;

  const answer = await call({ method: 'PUT', path: '/bucket/forged', headers, body }, 's3');

  expect([answer.status, answer.body.toString()]).toEqual([403, expect.stringContaining('<Code>SignatureDoesNotMatch</Code>')]);
  expect((await call({ method: 'GET', path: '/bucket/forged' }, 's3')).status).toBe(404);
});

test('a body beyond the limit gets an answer, and is not kept', async () => {
  const answer = await send(bench.cloud.endpoint, {
    method: 'POST',
    path: '/',
    headers: { 'x-amz-target': 'TrentService.DescribeKey' },
    body: Buffer.alloc(256 * 1024 * 1024 + 1),
  });
  expect(answer.status).toBe(413);
  expect(JSON.parse(answer.body.toString())).toMatchObject({ __type: 'EntityTooLarge' });
  expect(await works()).toBe(true);
});

test.each([
  ['noise', NOISE],
  ['a TLS hello', Buffer.from('16030100c8010000c40303', 'hex')],
  ['an HTTP/2 preface with noise', Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), NOISE])],
  ['a header without end', Buffer.from(`GET / HTTP/1.1\r\nx: ${'y'.repeat(40_000)}`)],
  ['a request that ends half way', Buffer.from('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf')],
  ['nothing', Buffer.alloc(0)],
])('a connection that sends %s harms nobody', async (_, bytes) => {
  await new Promise<void>((resolve) => {
    const socket = connect(bench.cloud.port, '127.0.0.1', () => socket.end(bytes));
    socket.on('error', () => undefined).on('close', () => resolve());
    socket.resume();
    setTimeout(() => socket.destroy(), 300).unref();
  });
  expect(await works()).toBe(true);
});
