import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..');
const KILLS = 10;
mkdirSync(join(ROOT, 'node_modules', '.cache'), { recursive: true });
/** Below the package, so that the program finds what it requires. */
const folder = mkdtempSync(join(ROOT, 'node_modules', '.cache', 'main-'));
const stateDir = join(folder, 'state');
/** The program compiled once, since every start would compile it again. */
const program = join(folder, 'main.cjs');

interface ServerFile {
  readonly pid: number;
  readonly port: number;
  readonly endpoint: string;
  readonly region: string;
  readonly controlToken: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const children = new Set<ChildProcess>();

function launch(parameters: string[]): { child: ChildProcess; message: Promise<unknown>; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [program, '--port', '0', ...parameters], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  children.add(child);
  const message = new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it spoke`)));
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      children.delete(child);
      resolve(code);
    });
  });
  return { child, message, ended };
}

const serverFile = (): ServerFile => JSON.parse(readFileSync(join(stateDir, 'server.json'), 'utf8')) as ServerFile;

function clients() {
  const { endpoint, region, credentials } = serverFile();
  const options = { endpoint, region, credentials, maxAttempts: 1, forcePathStyle: true };
  const made = {
    s3: new S3Client(options),
    dynamo: new DynamoDBClient(options),
    ssm: new SSMClient(options),
    kinesis: new KinesisClient(options),
  };
  return { ...made, destroy: () => Object.values(made).forEach((client) => void client.destroy()) };
}

type Clients = ReturnType<typeof clients>;
type Kind = 's3' | 'dynamo' | 'ssm' | 'kinesis';
const acknowledged: Record<Kind, string[]> = { s3: [], dynamo: [], ssm: [], kinesis: [] };

const WRITE: Readonly<Record<Kind, (to: Clients, id: string) => Promise<unknown>>> = {
  s3: (to, id) => to.s3.send(new PutObjectCommand({ Bucket: 'kept', Key: id, Body: id.repeat(100) })),
  dynamo: (to, id) => to.dynamo.send(new PutItemCommand({ TableName: 'kept', Item: { id: { S: id } } })),
  ssm: (to, id) => to.ssm.send(new PutParameterCommand({ Name: `/kept/${id}`, Type: 'String', Value: id })),
  kinesis: (to, id) =>
    to.kinesis.send(new PutRecordsCommand({ StreamName: 'kept', Records: [{ PartitionKey: 'k', Data: Buffer.from(id) }] })),
};

const KINDS = Object.keys(WRITE) as Kind[];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Writes one after another until the server is gone; only what was acknowledged counts. */
async function writeUntilKilled(kind: Kind, to: Clients, round: number): Promise<void> {
  for (let index = 0; ; index += 1) {
    const id = `${round}-${index}`;
    try {
      await WRITE[kind](to, id);
    } catch {
      return;
    }
    acknowledged[kind].push(id);
  }
}

async function missing(from: Clients): Promise<Record<Kind, string[]>> {
  const items = new Set<string>();
  for (let ExclusiveStartKey: Record<string, never> | undefined, more = true; more; ) {
    const page = await from.dynamo.send(new ScanCommand({ TableName: 'kept', ...(ExclusiveStartKey && { ExclusiveStartKey }) }));
    for (const item of page.Items ?? []) items.add(item.id?.S ?? '');
    ExclusiveStartKey = page.LastEvaluatedKey as Record<string, never> | undefined;
    more = ExclusiveStartKey !== undefined;
  }
  const records = new Set<string>();
  const start = { StreamName: 'kept', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' as const };
  let { ShardIterator } = await from.kinesis.send(new GetShardIteratorCommand(start));
  for (let found = 1; found > 0; ) {
    const page = await from.kinesis.send(new GetRecordsCommand({ ShardIterator }));
    for (const { Data } of page.Records ?? []) records.add(Buffer.from(Data ?? []).toString());
    found = page.Records?.length ?? 0;
    ShardIterator = page.NextShardIterator;
  }
  const lost: Record<Kind, string[]> = {
    s3: [],
    ssm: [],
    dynamo: acknowledged.dynamo.filter((id) => !items.has(id)),
    kinesis: acknowledged.kinesis.filter((id) => !records.has(id)),
  };
  for (const id of acknowledged.s3) {
    const got = await from.s3.send(new GetObjectCommand({ Bucket: 'kept', Key: id })).catch(() => undefined);
    if ((await got?.Body?.transformToString()) !== id.repeat(100)) lost.s3.push(id);
  }
  for (const id of acknowledged.ssm) {
    const got = await from.ssm.send(new GetParameterCommand({ Name: `/kept/${id}` })).catch(() => undefined);
    if (got?.Parameter?.Value !== id) lost.ssm.push(id);
  }
  return lost;
}

beforeAll(() => {
  buildSync({
    entryPoints: [join(ROOT, 'src', 'main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
});

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test(`what was acknowledged survives ${KILLS} SIGKILLs at random moments of writing`, async () => {
  for (let round = 0; round <= KILLS; round += 1) {
    const { child, message, ended } = launch(['--state', stateDir]);
    expect(await message).toEqual({ ready: true });
    const to = clients();
    if (round === 0) {
      await to.s3.send(new CreateBucketCommand({ Bucket: 'kept' }));
      await to.kinesis.send(new CreateStreamCommand({ StreamName: 'kept', ShardCount: 1 }));
      await to.dynamo.send(
        new CreateTableCommand({
          TableName: 'kept',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        }),
      );
    }
    if (round === KILLS) {
      expect(await missing(to)).toEqual({ s3: [], dynamo: [], ssm: [], kinesis: [] });
      to.destroy();
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
      break;
    }
    const writers = KINDS.map((kind) => writeUntilKilled(kind, to, round));
    const before = KINDS.map((kind) => acknowledged[kind].length);
    while (KINDS.some((kind, index) => acknowledged[kind].length === before[index])) await pause(2);
    await pause(Math.random() * 120);
    child.kill('SIGKILL');
    await Promise.all([...writers, ended]);
    to.destroy();
  }
  for (const kind of KINDS) expect(acknowledged[kind].length).toBeGreaterThanOrEqual(KILLS);
});

test('the server announces itself in a file for its owner alone, serves its clock to who holds the token, and takes the file away', async () => {
  const { child, message, ended } = launch(['--state', stateDir, '--start-at', '2013-01-01T00:00:00Z']);
  await message;
  const { pid, endpoint, controlToken } = serverFile();
  const control = (path: string, token: string, body?: string) =>
    fetch(`${endpoint}${path}`, {
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { method: 'POST', body }),
    });

  expect(pid).toBe(child.pid);
  expect(statSync(join(stateDir, 'server.json')).mode & 0o777).toBe(0o600);
  expect((await control('/_local/status', 'other')).status).toBe(403);
  expect(await (await control('/_local/status', controlToken)).json()).toMatchObject({
    account: '000000000000',
    clock: { paused: false },
  });

  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(existsSync(join(stateDir, 'server.json'))).toBe(false);
});

test.each([
  [
    ['--state', join(folder, 'x'), '--start-at', 'soon'],
    '--start-at: must be an instant such as 2013-01-01T00:00:00Z, given soon',
  ],
  [['--state', join(folder, 'x'), '--port', 'high'], '--port: must be 0 to 65535, given high'],
  [['--state', join(folder, 'x'), 'stop'], "no command 'stop', allowed: start, env"],
])('it does not start with %j', async (parameters, text) => {
  const { message, ended } = launch(parameters);
  expect(await message).toMatchObject({ failed: { message: text } });
  expect(await ended).toBe(1);
});

test('a second server is not started on a state that one works with', async () => {
  const { child, message, ended } = launch(['--state', stateDir]);
  await message;

  const second = launch(['--state', stateDir]);
  expect(await second.message).toMatchObject({
    failed: {
      code: 'USAGE',
      message: `a local AWS runs with this state folder already (pid ${child.pid}, port ${serverFile().port})`,
    },
  });
  expect(await second.ended).toBe(1);
  expect(serverFile().pid).toBe(child.pid);

  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
