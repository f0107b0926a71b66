import { CloudBench } from '../support/cloud-bench';
import { makeRole } from '../support/role';
import { type Answer, type Key, presign, type Raw, send, sign } from '../support/signed-request';

const JUMP_MS = 30 * 24 * 3_600_000;
const MINUTE_MS = 60_000;
let bench: CloudBench;
let root: Key;

beforeAll(async () => {
  bench = await CloudBench.start();
  await makeRole(bench.cloud, 'r', ['lambda']);
  root = await bench.cloud.identities.root();
  await bench.cloud.clock.advance(JUMP_MS);
});
afterAll(() => bench.stop());

const KMS: Raw = {
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.ListKeys' },
  body: '{}',
};
const BUCKETS: Raw = { method: 'GET', path: '/' };

async function call(raw: Raw, key: Key, service: string, date?: Date, change: (signed: Raw) => Raw = (signed) => signed) {
  const answer = await send(bench.cloud.endpoint, change(await sign(bench.cloud.endpoint, raw, key, service, date)));
  return { status: answer.status, text: answer.body.toString(), code: codeOf(answer) };
}

function codeOf({ body }: Answer): string | undefined {
  const text = body.toString();
  return text.startsWith('{') ? (JSON.parse(text) as { __type?: string }).__type : /<Code>([^<]*)</.exec(text)?.[1];
}

test("a request signed by the SDK's own signer is accepted, on the wall clock and on the simulated one", async () => {
  expect((await call(KMS, root, 'kms')).status).toBe(200);
  expect((await call(KMS, root, 'kms', new Date(bench.cloud.clock.now()))).status).toBe(200);
  expect((await call(BUCKETS, root, 's3')).status).toBe(200);
  const odd: Raw = { method: 'GET', path: '/bucket/a%20b/%C3%A9%2B~', query: { versionId: 'a b+c/*', 'X-Odd': '' } };
  expect(await call(odd, root, 's3')).toMatchObject({ status: 404, code: 'NoSuchBucket' });
});

const forgeries: [string, (signed: Raw) => Raw][] = [
  ['another body', (signed) => ({ ...signed, body: '{"Limit":1}', headers: without(signed.headers, 'x-amz-content-sha256') })],
  ['another query', (signed) => ({ ...signed, query: { extra: '1' } })],
  ['another path', (signed) => ({ ...signed, path: '/other' })],
  ['another method', (signed) => ({ ...signed, method: 'PUT' })],
  [
    'another signed header',
    (signed) => ({ ...signed, headers: { ...signed.headers, 'x-amz-target': 'TrentService.CreateKey' } }),
  ],
  [
    'a flipped signature',
    (signed) => ({
      ...signed,
      headers: {
        ...signed.headers,
        authorization: (signed.headers?.authorization ?? '').replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      },
    }),
  ],
];

function without(headers: Record<string, string> = {}, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

test.each(forgeries)('%s than what was signed is refused', async (_, forge) => {
  expect(await call(KMS, root, 'kms', undefined, forge)).toMatchObject({
    status: 403,
    code: 'InvalidSignatureException',
    text: expect.stringContaining('The request signature we calculated does not match the signature you provided.'),
  });
});

test('a wrong secret is refused under the name that each protocol has for it', async () => {
  const wrong = { ...root, secretAccessKey: 'wrong' };
  const identity: Raw = {
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  };

  expect(await call(KMS, wrong, 'kms')).toMatchObject({ status: 403, code: 'InvalidSignatureException' });
  expect(await call(BUCKETS, wrong, 's3')).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  expect(await call(identity, wrong, 'sts')).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  const unknown = { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' };
  expect(await call(KMS, unknown, 'kms')).toMatchObject({ status: 403, code: 'UnrecognizedClientException' });
  expect(await call(BUCKETS, unknown, 's3')).toMatchObject({ status: 403, code: 'InvalidAccessKeyId' });
  expect(await call(identity, unknown, 'sts')).toMatchObject({ status: 403, code: 'InvalidClientTokenId' });
  for (const accessKeyId of ['root', 'x'.repeat(3000)])
    expect(await call(KMS, { ...root, accessKeyId }, 'kms')).toMatchObject({ status: 403, code: 'UnrecognizedClientException' });
});

test('an unsigned request and a malformed signature are refused', async () => {
  const bare = async (raw: Raw) => {
    const answer = await send(bench.cloud.endpoint, raw);
    return { status: answer.status, code: codeOf(answer) };
  };
  expect(await bare(KMS)).toEqual({ status: 403, code: 'MissingAuthenticationTokenException' });
  expect(await bare(BUCKETS)).toEqual({ status: 403, code: 'AccessDenied' });
  expect(await bare({ ...KMS, headers: { ...KMS.headers, authorization: 'Bearer abc' } })).toEqual({
    status: 400,
    code: 'IncompleteSignatureException',
  });
});

test.each([
  ['wall clock', () => Date.now()],
  ['simulated clock', () => bench.cloud.clock.now()],
])('a signature may be 14 minutes off the %s, but not 16', async (_, now) => {
  for (const sign of [1, -1]) {
    expect((await call(KMS, root, 'kms', new Date(now() + sign * 14 * MINUTE_MS))).status).toBe(200);
    const off = new Date(now() + sign * 16 * MINUTE_MS);
    expect(await call(KMS, root, 'kms', off)).toMatchObject({
      status: 403,
      code: 'InvalidSignatureException',
      text: expect.stringMatching(sign === 1 ? /Signature not yet current: / : /Signature expired: .* is now earlier than/),
    });
    expect(await call(BUCKETS, root, 's3', off)).toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
  }
});

test('a declared payload hash must be that of the body, and is what is signed', async () => {
  const declared = { ...KMS, headers: { ...KMS.headers, 'x-amz-content-sha256': '0'.repeat(64) } };
  expect(await call(declared, root, 'kms')).toMatchObject({ status: 400, code: 'XAmzContentSHA256Mismatch' });
  const unsigned = { method: 'PUT', path: '/bucket/k', headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, body: 'x' };
  expect(await call(unsigned, root, 's3')).toMatchObject({ status: 404, code: 'NoSuchBucket' });
});

test('a URL that was signed with version 2 is told to use version 4', async () => {
  const query = { AWSAccessKeyId: root.accessKeyId, Signature: 'x', Expires: '9999999999' };

  const answer = await send(bench.cloud.endpoint, { method: 'GET', path: '/bucket/k', query });

  expect(answer.status).toBe(400);
  expect(answer.body.toString()).toContain('<Code>InvalidRequest</Code>');
  expect(answer.body.toString()).toContain('Please use AWS4-HMAC-SHA256.');
});

test('a presigned URL works until its end, and for what it was made', async () => {
  await send(bench.cloud.endpoint, await sign(bench.cloud.endpoint, { method: 'PUT', path: '/presigned' }, root, 's3'));
  const put = {
    method: 'PUT',
    path: '/presigned/a%20key',
    headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    body: 'hello',
  };
  await send(bench.cloud.endpoint, await sign(bench.cloud.endpoint, put, root, 's3'));
  const get = { method: 'GET', path: '/presigned/a%20key' };
  const made = (minutesAgo: number, expiresIn: number, key: Key = root) =>
    presign(bench.cloud.endpoint, get, key, 's3', { signingDate: new Date(Date.now() - minutesAgo * MINUTE_MS), expiresIn });
  const ask = async (raw: Raw) => {
    const answer = await send(bench.cloud.endpoint, raw);
    return `${answer.status} ${codeOf(answer) ?? answer.body.toString()}`;
  };

  expect(await ask(await made(0, 60))).toBe('200 hello');
  expect(await ask(await made(59, 3600))).toBe('200 hello');
  expect(await ask(await made(61, 3600))).toBe('403 AccessDenied');
  expect(await ask(await made(-20, 3600))).toBe('403 AccessDenied');
  expect(await ask({ ...(await made(0, 60)), path: '/presigned/other' })).toBe('403 SignatureDoesNotMatch');
  expect(await ask({ ...(await made(0, 60)), method: 'DELETE' })).toBe('403 SignatureDoesNotMatch');
  const longer = await made(2, 60);
  expect(await ask({ ...longer, query: { ...longer.query, 'X-Amz-Expires': '600' } })).toBe('403 SignatureDoesNotMatch');
  const week = await made(0, 60);
  expect(await ask({ ...week, query: { ...week.query, 'X-Amz-Expires': '604801' } })).toBe(
    '400 AuthorizationQueryParametersError',
  );

  const session = await bench.cloud.identities.assume('arn:aws:iam::000000000000:role/r', 'tester');
  expect(await ask(await made(0, 60, session))).toBe('200 hello');
  expect(await ask(await made(0, 60, { ...session, sessionToken: 'other' }))).toBe('403 InvalidAccessKeyId');
});

test('a presigned call of a service other than S3 signs the hash of its empty body', async () => {
  const query = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
  const raw = { method: 'GET', path: '/', query };
  const url = await presign(bench.cloud.endpoint, raw, root, 'sts', { signingDate: new Date(), expiresIn: 60 });
  const answer = await send(bench.cloud.endpoint, url);
  expect(answer.body.toString()).toContain('<Arn>arn:aws:iam::000000000000:root</Arn>');
  expect((await send(bench.cloud.endpoint, { ...url, headers: { 'content-length': '4' }, body: 'body' })).status).toBe(403);
});

test('temporary credentials need their token and end with their session', async () => {
  const session = await bench.cloud.identities.assume('arn:aws:iam::000000000000:role/r', 'tester');
  const { sessionToken: _, ...bare } = session;
  const ended = await bench.cloud.identities.assume('arn:aws:iam::000000000000:role/r', 'ended', -1);

  expect((await call(KMS, session, 'kms')).status).toBe(200);
  expect(await call(KMS, bare, 'kms')).toMatchObject({ status: 403, code: 'UnrecognizedClientException' });
  expect(await call(KMS, ended, 'kms')).toMatchObject({
    status: 403,
    code: 'ExpiredTokenException',
    text: expect.stringContaining('The security token included in the request is expired'),
  });
  expect(await call(BUCKETS, ended, 's3')).toMatchObject({ status: 400, code: 'ExpiredToken' });
});
