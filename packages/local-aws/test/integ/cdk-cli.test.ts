import { type ChildProcess, execFile, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';

const ROOT = join(__dirname, '..', '..');
const PROGRAM = join(ROOT, 'bin', 'local-aws.js');

interface Run {
  readonly code: number;
  readonly output: string;
}

let folder: string;
let server: ChildProcess;
let environment: Record<string, string>;

async function run(file: string, parameters: readonly string[], env: Record<string, string>): Promise<Run> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, ...parameters], { cwd: folder, env });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

/** The stock command line, with nothing but the environment that any AWS client takes. */
function cdk(...parameters: string[]): Promise<Run> {
  return run(
    join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk'),
    [...parameters, '--no-notices', '--no-color'],
    environment,
  );
}

async function synthesize(word: string): Promise<string> {
  const assembly = join(folder, `assembly-${word}`);
  const env = { PATH: process.env.PATH ?? '', CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: JSON.stringify({ word }) };
  const app = join(ROOT, 'test', 'integ', 'small-app', 'app.ts');
  const { code, output } = await run(require.resolve('tsx/cli'), [app], env);
  if (code !== 0) throw new Error(output);
  return assembly;
}

/** Outputs as a deployment prints them. */
function outputs({ output }: Run): Record<string, string> {
  return Object.fromEntries([...output.matchAll(/^small\.(\w+) = (.*)$/gm)].map(([, key = '', value = '']) => [key, value]));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-aws-cdk-'));
  const state = join(folder, 'state');
  server = fork(PROGRAM, ['--state', state, '--port', '0'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await new Promise((resolve) => server.once('message', resolve));
  const { output } = await run(PROGRAM, ['env', '--state', state], {
    PATH: process.env.PATH ?? '',
  });
  const exported = [...output.matchAll(/^export (\w+)='?([^'\n]*)'?$/gm)].map(([, name = '', value = '']) => [name, value]);
  environment = { PATH: process.env.PATH ?? '', HOME: folder, ...Object.fromEntries(exported) };
});

afterAll(async () => {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

test('the stock CDK command line bootstraps, deploys, compares, changes and destroys, and data lives as long as its resource', async () => {
  const [bootstrap, hello, bye] = await Promise.all([
    cdk('bootstrap', 'aws://000000000000/eu-west-1'),
    synthesize('hello'),
    synthesize('bye'),
  ]);
  expect(bootstrap).toMatchObject({ code: 0, output: expect.stringContaining('bootstrapped') });

  const created = await cdk('deploy', '--app', hello, '--require-approval', 'never');
  if (created.code !== 0) throw new Error(created.output);
  const { BucketName: Bucket = '', TableName = '', Word } = outputs(created);
  expect(Word).toBe('hello');
  const options = {
    endpoint: environment.AWS_ENDPOINT_URL ?? '',
    region: environment.AWS_REGION ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: environment.AWS_SESSION_TOKEN ?? '',
    },
  };
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const dynamodb = new DynamoDBClient(options);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'data' }));
  await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: '1' } } }));

  const again = await cdk('deploy', '--app', hello, '--require-approval', 'never');
  expect(again).toMatchObject({ code: 0, output: expect.stringContaining('small (no changes)') });
  const same = await cdk('diff', '--app', hello, '--fail');
  expect(same).toMatchObject({ code: 0, output: expect.stringContaining('There were no differences') });
  const different = await cdk('diff', '--app', bye, '--fail');
  expect(different.code).toBe(1);
  expect(different.output).toMatch(/\[\+\] VersioningConfiguration[\s\S]*\[-\] hello\s*\n.*\[\+\] bye/);

  const changed = await cdk('deploy', '--app', bye, '--require-approval', 'never');
  expect(changed).toMatchObject({ code: 0 });
  expect(outputs(changed)).toMatchObject({ Word: 'bye', BucketName: Bucket, TableName });
  expect(await s3.send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject({ Status: 'Enabled' });
  expect((await dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: '1' } } }))).Item).toEqual({ id: { S: '1' } });

  const refused = await cdk('destroy', '--app', bye, '--force');
  expect(refused.code).toBe(1);
  expect(refused.output).toContain('The bucket you tried to delete is not empty');
  const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions?.map(({ Key }) => Key)).toEqual(['k']);
  for (const { Key, VersionId } of Versions ?? []) await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  expect(await cdk('destroy', '--app', bye, '--force')).toMatchObject({ code: 0 });
  await expect(s3.send(new GetBucketVersioningCommand({ Bucket }))).rejects.toMatchObject({ name: 'NoSuchBucket' });
  s3.destroy();
  dynamodb.destroy();
});
