import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { LocalCloud } from '../../../src/server';
import { PYTHON } from '../../../tools/python';
import { SESSIONS } from './sessions';
import type { Session, Step } from './steps';

// `npm run aws-cli [-- SESSION...]`: what people type at an AWS account, by the AWS CLI (version 1) on the PATH or named by AWS_CLI, at a local
// AWS of its own.

const AT_ONCE = 2;

type Variables = Record<string, string>;

/** The AWS CLI to use. Throws if there is none of version 1. */
function awsCli(): string {
  const aws = process.env.AWS_CLI ?? 'aws';
  const version = (() => {
    try {
      return execFileSync(aws, ['--version'], { encoding: 'utf8' }).trim();
    } catch (error) {
      return String(error);
    }
  })();
  if (!version.startsWith('aws-cli/1.')) throw new Error(`AWS_CLI: needs an AWS CLI of version 1, given ${aws}: ${version}`);
  console.log(version);
  return aws;
}

async function shell(line: string, cwd: string, env: Variables): Promise<{ code: number; output: string; answer: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', `set -o pipefail\n${line}`], {
      cwd,
      env,
      maxBuffer: 1 << 26,
    });
    return { code: 0, output: stdout + stderr, answer: stdout.trim() };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr, answer: stdout.trim() };
  }
}

/** What is wrong with the outcome of a step; undefined if nothing is. */
function problem(step: Step, { code, output }: { code: number; output: string }): string | undefined {
  if ((code === 0) !== step.succeeds) return `ended with ${code}`;
  return step.output.test(output) ? undefined : `does not match ${step.output}`;
}

async function runSession(session: Session, folder: string, environment: Variables): Promise<number> {
  const env = { ...environment };
  mkdirSync(folder);
  let failed = 0;
  for (const step of session.steps) {
    const outcome = await shell(step.line, folder, env);
    if (step.keep !== undefined) env[step.keep] = outcome.answer;
    const wrong = problem(step, outcome);
    if (wrong === undefined) continue;
    failed += 1;
    console.log(`FAILED ${session.name}: ${step.line}\n  ${wrong}\n${outcome.output.slice(0, 2000).replace(/^/gm, '  | ')}`);
  }
  console.log(`${session.name}: ${session.steps.length - failed} of ${session.steps.length}`);
  return failed;
}

/** The command line's own environment: nothing of the caller's configuration, and a small shell function named `aws`. */
async function environmentFor(cloud: LocalCloud, folder: string, aws: string): Promise<Variables> {
  const credentials = await cloud.identities.administratorSession(12 * 3600 * 1000);
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    'BASH_FUNC_aws%%': `() { ${aws} "$@"; }`,
    'BASH_FUNC_advance%%': `() { curl -sf ${cloud.endpoint}/_local/clock -H 'authorization: Bearer ${cloud.controlToken}' -d "{\\"advanceMs\\":$1}"; }`,
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
}

async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const unknown = positionals.filter((name) => !SESSIONS.some((session) => session.name === name));
  if (unknown.length > 0)
    throw new Error(`no session '${unknown.join(', ')}', allowed: ${SESSIONS.map(({ name }) => name).join(', ')}`);
  const aws = awsCli();
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-cli-'));
  const cloud = await LocalCloud.start({ stateDir: join(folder, 'state'), python: PYTHON });
  try {
    const environment = await environmentFor(cloud, folder, aws);
    const waiting = SESSIONS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    let failed = 0;
    const work = async (): Promise<void> => {
      for (let session = waiting.shift(); session !== undefined; session = waiting.shift())
        failed += await runSession(session, join(folder, session.name), environment);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    console.log(failed === 0 ? 'all as expected' : `${failed} not as expected`);
    process.exitCode = failed === 0 ? 0 : 1;
  } finally {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
