import { resolve } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type Duration, durationSchema, milliseconds } from '../../core/definition';
import { Control } from '../cli/control';
import { Failure } from '../cli/failure';
import { startLocal, stopLocal } from '../cli/local-process';
import type { Output } from '../cli/output';
import { type LoadedPlatform, loadPlatform } from '../cli/platform-folder';
import type { Action } from '../cli/program';
import { ensurePython, PYTHON } from '../cli/python-environment';
import { findServer, type LocalServer, removeStateFolder, requireServer, stateOption } from '../cli/state-folder';
import { clientOf, findApplication, openTarget } from '../cli/target';

interface LocalOptions {
  readonly state: string;
}

interface PlatformOptions extends LocalOptions {
  readonly platform: string;
}

interface UpOptions extends PlatformOptions {
  readonly detach?: boolean;
  readonly port?: number;
  readonly startAt?: string;
  readonly deploy?: boolean;
}

export const LOCAL_STAGE = 'dev';

/** An instant whose day is in the calendar: JavaScript makes 2 March of 30 February. */
function instantOf(text: string): string {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== text.slice(0, 10))
    throw new Failure(`--start-at: must be an instant such as 2020-04-01T00:00:00Z, given '${text}'`, 2);
  return instant.toISOString();
}

/** Where a new simulated clock begins: after the recorded history, or now. */
export function beginOf({ history }: LoadedPlatform): string {
  return history?.startAt ?? new Date().toISOString();
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
export async function localStatus({ state, platform }: PlatformOptions): Promise<LocalStatus> {
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
  const application = await findApplication(await openTarget({ target: 'local', stage: LOCAL_STAGE, state: stateDir, platform }));
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
  options: {
    readonly stateDir: string;
    readonly port: number | undefined;
    readonly startAt: string;
    readonly deploy: boolean | undefined;
    readonly loaded: LoadedPlatform;
  },
  output: Output,
): Promise<LocalServer> {
  const python = ensurePython({ development: false, progress: output.progress });
  python.catch(() => undefined);
  const { stateDir, port, startAt } = options;
  const server = await startLocal({ stateDir, port, startAt, python: PYTHON });
  const deployed = (await stacksOf(server)).some(({ name }) => name.endsWith('-application'));
  if (options.deploy ?? !deployed) {
    // CDK's toolkit takes a second to load, which other commands need not wait for.
    const { deployLocal } = await import('../cli/deployment');
    await deployLocal({ server, stage: LOCAL_STAGE, loaded: options.loaded, progress: output.progress, python });
  }
  await python;
  return server;
}

/** `slipway local up` */
export const up: Action<UpOptions> = async ({ options, output }) => {
  const stateDir = resolve(options.state);
  const loaded = await loadPlatform(options.platform);
  const startAt = options.startAt === undefined ? beginOf(loaded) : instantOf(options.startAt);
  await bringUp({ stateDir, port: options.port, startAt, deploy: options.deploy, loaded }, output);
  const status = await localStatus(options);
  output.result(status, () => statusLines(status));
  if (options.detach === true) return;
  output.progress('Ctrl-C ends it (its state stays).');
  await new Promise<void>((done) => process.once('SIGINT', done).once('SIGTERM', done));
  await stopLocal(stateDir);
};

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

/** `slipway local down` */
export const down: Action<LocalOptions> = async ({ options, output }) => {
  const stopped = await stopLocal(resolve(options.state));
  output.result({ stopped }, () => [stopped ? 'stopped' : 'nothing runs here']);
};

/** `slipway local status` */
export const status: Action<PlatformOptions> = async ({ options, output }) => {
  const found = await localStatus(options);
  output.result(found, () => statusLines(found));
};

/** `slipway local advance` */
export const advance: Action<LocalOptions> = async ({ options, output, positional: [text = ''] }) => {
  const parsed = durationSchema.safeParse(text);
  if (!parsed.success) throw new Failure(`duration: must be such as 90s, 15m, 3h or 7d, given '${text}'`, 2);
  const server = requireServer(resolve(options.state));
  const { clock } = await new Control(server).advance(milliseconds(parsed.data as Duration));
  output.result({ clock }, () => [`clock ${clock.now}`]);
};

/** `slipway local reset` */
export const reset: Action<LocalOptions & { yes?: boolean }> = async ({ options, output }) => {
  const stateDir = resolve(options.state);
  if (options.yes !== true)
    throw new Failure(
      `this removes everything in ${stateDir}`,
      2,
      `Say so: npx slipway local reset --yes${stateOption(stateDir)}`,
    );
  await stopLocal(stateDir);
  removeStateFolder(stateDir);
  output.result({ stateDir, removed: true }, () => [`removed ${stateDir}`]);
};
