import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalCloud } from '../../src/server';
import type { ConstraintTable } from '../../src/wire/constraints/table';
import { sdkModel } from '../../src/wire/sdk-model';
import { PYTHON } from '../../tools/python';

const ROOT = join(__dirname, '..', '..');
const SERVICES = join(ROOT, 'src', 'services');
const TABLES = join(ROOT, 'src', 'wire', 'constraints', 'tables');

interface Report {
  /** Of every operation that was called, what was wrong with it or its answers. */
  readonly called: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Codes of the errors that a service was made to answer. */
  readonly errors: Readonly<Record<string, readonly string[]>>;
}

/** Modelled errors that a client alone cannot bring about, with what does. */
const ELSEWHERE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  kinesis: { ExpiredIteratorException: 'five minutes of the clock: kinesis.test.ts' },
  cloudformation: { LimitExceededException: 'two thousand stacks: not made here' },
  s3: { AccessDenied: 'what a policy keeps from the caller, who may do everything here: authorizer.test.ts' },
};

const services = readdirSync(TABLES).map((file) => file.replace(/\.json$/, ''));

/** Supported operations: the tables are held to them by a test of their own. */
const operations = services.flatMap((service) => {
  const table = JSON.parse(readFileSync(join(TABLES, `${service}.json`), 'utf8')) as ConstraintTable;
  return Object.keys(table.operations).map((operation) => [service, operation] as const);
});

function sources(service: string): string {
  const files = readdirSync(join(SERVICES, service), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(SERVICES, service, file), 'utf8'))
    .join('\n');
}

/** Errors of a service's model that its code answers with. */
const errors = services.flatMap((service) => {
  const text = sources(service);
  const { errors: modelled } = sdkModel(/sdk(?::| =) '([^']+)'/.exec(text)?.[1] ?? `@aws-sdk/client-${service}`);
  const raised = new Set([...text.matchAll(/new AwsError\(\s*'([\w.]+)'/g)].map(([, code]) => code ?? ''));
  return [...raised]
    .filter((code) => modelled.has(code) && ELSEWHERE[service]?.[code] === undefined)
    .sort()
    .map((code) => [service, code, modelled.get(code)?.queryCode ?? code] as const);
});

let report: Report;
let stateDir: string;
let cloud: LocalCloud;

beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'conformance-'));
  cloud = await LocalCloud.start({ stateDir, python: PYTHON });
  const { accessKeyId, secretAccessKey } = await cloud.identities.administrator();
  const { stdout } = await promisify(execFile)(PYTHON, [join(__dirname, 'conformance', 'run.py'), cloud.endpoint, cloud.region], {
    env: {
      PATH: process.env.PATH,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      PYTHONDONTWRITEBYTECODE: '1',
    },
    maxBuffer: 1 << 26,
  });
  report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Report;
});

afterAll(async () => {
  await cloud.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

test.each(operations)('%s %s answers boto3 as its model says', (service, operation) => {
  expect(report.called[service]?.[operation] ?? ['it was not called: add a step to its module']).toEqual([]);
});

test.each(errors)('%s makes boto3 see %s', (service, code, queryCode) => {
  const met = report.errors[service] ?? [];
  expect(met.includes(code) || met.includes(queryCode)).toBe(true);
});

test('nothing is called that is not supported', () => {
  const supported = new Set(operations.map(([service, operation]) => `${service} ${operation}`));
  const called = Object.entries(report.called).flatMap(([service, names]) =>
    Object.keys(names).map((name) => `${service} ${name}`),
  );

  expect(called.filter((name) => !supported.has(name))).toEqual([]);
});
