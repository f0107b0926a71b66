import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { exampleFiles, exampleRows } from '../cli/example-data';
import { Failure } from '../cli/failure';
import { loadExample, trainFirst } from '../cli/first-model';
import { readChampion } from '../cli/ledger';
import type { Output } from '../cli/output';
import { run, withJson } from '../cli/program';
import { DEFAULT_STATE, findServer } from '../cli/state-folder';
import { openTarget, requireApplication, type Target } from '../cli/target';
import { fetchToken } from '../cli/tokens';
import { apiClient } from './data';
import { bringUp, portOf, START_AT } from './local';

interface StartOptions {
  readonly state: string;
  readonly port?: number;
  readonly json?: boolean;
}

export const EXAMPLE_MODEL = 'flight-delay';
/** First day of the example's data; its first quarter trains the first model. */
export const EXAMPLE_FROM = '2013-01-01';
export const EXAMPLE_TO = START_AT.slice(0, 10);
const CONSUMER = 'mobile-app';
const OPERATOR = 'ops-dashboard';

/** Everything up to a served model: the local AWS, the deployment, real data, the first training. Each part is skipped where it is done. */
async function start(options: StartOptions, output: Output): Promise<void> {
  const began = Date.now();
  const stateDir = resolve(options.state);
  const step = (text: string): void => output.progress(`[${((Date.now() - began) / 1000).toFixed(0).padStart(3)} s] ${text}`);
  const running = findServer(stateDir);
  if (running !== undefined && options.port && options.port !== running.port)
    throw new Failure(
      `it runs on port ${running.port} already, given ${options.port}`,
      2,
      'Leave --port out, or choose another --state.',
    );
  if (running === undefined) {
    step(
      existsSync(join(stateDir, 'port'))
        ? 'resuming the local platform'
        : 'starting a local AWS and deploying the platform to it',
    );
    await bringUp({ stateDir, port: options.port, startAt: START_AT, deploy: undefined }, { ...output, progress: step });
  }
  const target = openTarget({ target: 'local', stage: 'dev', state: stateDir });
  if ((await readChampion(target, EXAMPLE_MODEL))?.version === '0') {
    step('loading the first quarter of 2013');
    await loadExample(target, await apiClient(target, OPERATOR), { from: EXAMPLE_FROM, to: EXAMPLE_TO });
    step('training the first model');
    await trainFirst(target, EXAMPLE_MODEL);
  }
  step('ready');
  await tell(target, output);
}

async function tell(target: Target, output: Output): Promise<void> {
  const { apiUrl } = await requireApplication(target);
  const token = await fetchToken(target, CONSUMER, []);
  const champion = await readChampion(target, EXAMPLE_MODEL);
  const url = `${apiUrl}/v1/models/${EXAMPLE_MODEL}/predictions`;
  const body = JSON.stringify({ instances: [await exampleInstance()] });
  const curl = `curl -s '${url}' -H 'authorization: Bearer ${token.access_token}' -H 'content-type: application/json' -d '${body}'`;
  const result = {
    url,
    token: token.access_token,
    expires_in: token.expires_in,
    curl,
    version: champion?.version ?? null,
    apiUrl,
  };
  output.result(result, () => [
    '',
    `${EXAMPLE_MODEL} version ${champion?.version} serves at`,
    `  ${url}`,
    '',
    `Token of ${CONSUMER} (${token.expires_in} s of the simulated clock; another: npx slipway token --consumer ${CONSUMER}):`,
    `  ${token.access_token}`,
    '',
    'Ask it:',
    `  ${curl}`,
    '',
    'It goes on running: npx slipway local status, npx slipway models show flight-delay; npx slipway local down ends it.',
  ]);
}

/** A real flight of the day on which the simulated clock begins. */
async function exampleInstance(): Promise<object> {
  const next = new Date(Date.parse(START_AT) + 86_400_000).toISOString().slice(0, 10);
  const folder = exampleFiles({ from: EXAMPLE_TO, to: next }, 'jsonl');
  for await (const { scheduled_at: _, ...row } of exampleRows<Record<string, unknown>>(folder, 'schedule')) return row;
  throw new Error('the example has no flights');
}

/** `slipway start`, which is `npm start` */
export function addStart(program: Command): void {
  withJson(program.command('start').description('a running local platform with a trained model; prints URL, token and a curl'))
    .option('--state <folder>', 'state folder', DEFAULT_STATE)
    .option('--port <n>', 'port (loopback only)', portOf)
    .action(run<StartOptions>(start));
}
