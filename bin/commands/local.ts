import { resolve } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type Command, InvalidArgumentError } from 'commander';
import { type Duration, durationSchema, milliseconds } from '../../core/definition';
import { Control } from '../cli/control';
import { Failure } from '../cli/failure';
import { startLocal, stopLocal } from '../cli/local-process';
import type { Output } from '../cli/output';
import { run, withJson } from '../cli/program';
import { ensurePython, PYTHON } from '../cli/python-environment';
import { DEFAULT_STATE, findServer, type LocalServer, removeStateFolder, requireServer } from '../cli/state-folder';
import { clientOf, findApplication, openTarget } from '../cli/target';
import { addAccess } from './local-access';
import { addLocalFault } from './local-fault';

interface LocalOptions {
  readonly state: string;
  readonly json?: boolean;
}

interface UpOptions extends LocalOptions {
  readonly detach?: boolean;
  readonly port?: number;
  readonly startAt: string;
  readonly deploy?: boolean;
}

/** The example's data begin in 2013; a new local platform starts when its first quarter is over. */
export const START_AT = '2013-04-01T00:00:00.000Z';
const LOCAL_STAGE = 'dev';

/** An instant whose day is in the calendar: JavaScript makes 2 March of 30 February. */
function instantOf(text: string): string {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== text.slice(0, 10))
    throw new InvalidArgumentError('Must be an instant such as 2013-04-01T00:00:00Z.');
  return instant.toISOString();
}

/** `--port`; 0 takes a free one. */
export function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('Must be 1 to 65535, or 0 for a free one.');
  return port;
}

export interface LocalStatus {
  readonly state: 'running' | 'stopped';
  readonly pid: number | null;
  readonly port: number | null;
  readonly stateDir: string;
  readonly awsEndpoint: string | null;
  readonly apiUrl: string | null;
  readonly issuer: string | null;
  readonly clock: { readonly now: string; readonly paused: boolean } | null;
  readonly stacks: readonly { readonly name: string; readonly status: string }[];
}

/** What runs in a state folder, and what is deployed to it. */
export async function localStatus(state: string): Promise<LocalStatus> {
  const stateDir = resolve(state);
  const server = findServer(stateDir);
  if (server === undefined)
    return {
      state: 'stopped',
      pid: null,
      port: null,
      stateDir,
      awsEndpoint: null,
      apiUrl: null,
      issuer: null,
      clock: null,
      stacks: [],
    };
  const { clock } = await new Control(server).status();
  const application = await findApplication(openTarget({ target: 'local', stage: LOCAL_STAGE, state: stateDir }));
  return {
    state: 'running',
    pid: server.pid,
    port: server.port,
    stateDir,
    awsEndpoint: server.endpoint,
    apiUrl: application?.apiUrl ?? null,
    issuer: application?.issuer ?? null,
    clock,
    stacks: await stacksOf(server),
  };
}

async function stacksOf(server: LocalServer): Promise<{ name: string; status: string }[]> {
  const { Stacks = [] } = await new CloudFormationClient(clientOf(server)).send(new DescribeStacksCommand({}));
  return Stacks.map(({ StackName, StackStatus }) => ({ name: StackName ?? '', status: StackStatus ?? '' }));
}

/** Starts a local AWS and, where the stage is not deployed yet, deploys it. */
export async function bringUp(
  options: { stateDir: string; port: number | undefined; startAt: string; deploy: boolean | undefined },
  output: Output,
): Promise<LocalServer> {
  const python = ensurePython({ development: false, progress: output.progress });
  python.catch(() => undefined);
  const server = await startLocal({ ...options, python: PYTHON });
  const deployed = (await stacksOf(server)).some(({ name }) => name.endsWith('-application'));
  if (options.deploy ?? !deployed) {
    // CDK's toolkit takes a second to load, which other commands need not wait for.
    const { deployLocal } = await import('../cli/deployment');
    await deployLocal({ server, stage: LOCAL_STAGE, progress: output.progress, python });
  }
  await python;
  return server;
}

async function up(options: UpOptions, output: Output): Promise<void> {
  const stateDir = resolve(options.state);
  await bringUp({ stateDir, port: options.port, startAt: options.startAt, deploy: options.deploy }, output);
  const status = await localStatus(stateDir);
  output.result(status, () => statusLines(status));
  if (options.detach === true) return;
  output.progress('Ctrl-C ends it (its state stays).');
  await new Promise<void>((done) => process.once('SIGINT', done).once('SIGTERM', done));
  await stopLocal(stateDir);
}

function statusLines(status: LocalStatus): string[] {
  if (status.state === 'stopped') return [`stopped (state ${status.stateDir})`];
  return [
    `running    pid ${status.pid}, port ${status.port}`,
    `state      ${status.stateDir}`,
    `AWS        ${status.awsEndpoint}`,
    `API        ${status.apiUrl ?? 'not deployed'}`,
    `issuer     ${status.issuer ?? 'not deployed'}`,
    `clock      ${status.clock?.now}${status.clock?.paused === true ? ' (stands still)' : ''}`,
    ...status.stacks.map(({ name, status: state }) => `stack      ${name} ${state}`),
  ];
}

async function advance(options: LocalOptions, output: Output, [text = '']: readonly string[]): Promise<void> {
  const parsed = durationSchema.safeParse(text);
  if (!parsed.success) throw new Failure(`duration: must be such as 90s, 15m, 3h or 7d, given '${text}'`, 2);
  const server = requireServer(resolve(options.state));
  const { clock } = await new Control(server).advance(milliseconds(parsed.data as Duration));
  output.result({ clock }, () => [`clock ${clock.now}`]);
}

async function reset(options: LocalOptions & { yes?: boolean }, output: Output): Promise<void> {
  const stateDir = resolve(options.state);
  if (options.yes !== true)
    throw new Failure(`this removes everything in ${stateDir}`, 2, 'Say so: npx slipway local reset --yes');
  await stopLocal(stateDir);
  removeStateFolder(stateDir);
  output.result({ stateDir, removed: true }, () => [`removed ${stateDir}`]);
}

/** `slipway local ...` */
export function addLocal(program: Command): void {
  const local = program.command('local').description('a local AWS with the platform deployed to it');
  const command = (name: string, description: string): Command =>
    withJson(local.command(name).description(description)).option('--state <folder>', 'state folder', DEFAULT_STATE);
  command('up', 'start it; a new one gets the dev stage deployed')
    .option('--detach', 'return when it answers, leave it running')
    .option('--port <n>', 'port (loopback only)', portOf)
    .option('--start-at <instant>', 'where a new simulated clock begins', instantOf, START_AT)
    .option('--deploy', 'deploy also when it is deployed already')
    .option('--no-deploy', 'only the AWS, without the platform')
    .action(run<UpOptions>(up));
  command('down', 'end it; its state stays').action(
    run<LocalOptions>(async ({ state }, output) => {
      const stopped = await stopLocal(resolve(state));
      output.result({ stopped }, () => [stopped ? 'stopped' : 'nothing runs here']);
    }),
  );
  command('status', 'what runs and what is deployed').action(
    run<LocalOptions>(async ({ state }, output) => {
      const status = await localStatus(state);
      output.result(status, () => statusLines(status));
    }),
  );
  command('advance <duration>', 'move the simulated clock forward, e.g. 3h; everything due runs').action(
    run<LocalOptions>(advance),
  );
  addAccess(command);
  addLocalFault(local);
  command('reset', 'end it and remove its state').option('--yes', 'do it').action(run<LocalOptions & { yes?: boolean }>(reset));
}
