import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RunningCloud } from './least-privilege';
import { UNNEEDED, UNNEEDED_ACTIONS, type Unneeded } from './unneeded-statements';

const ROOT = join(__dirname, '..', '..');

interface Entry {
  readonly at: string;
  readonly event: string;
  readonly version?: string;
  readonly reason?: string;
  readonly metrics?: Readonly<Record<string, number>>;
}

interface LoopResult {
  readonly model: string;
  readonly champion: { readonly version: string; readonly metrics: Readonly<Record<string, number>> };
  readonly previous: { readonly version: string; readonly metrics: Readonly<Record<string, number>> } | null;
  readonly timeline: readonly Entry[];
}

async function slipway(...parameters: string[]): Promise<string> {
  const command = [join(ROOT, 'bin', 'slipway.js'), ...parameters];
  return (await promisify(execFile)(process.execPath, command, { maxBuffer: 1 << 26 })).stdout;
}

let state: string;
let result: LoopResult;

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'slipway-loop-'));
  const stdout = await slipway('loop', 'flight-delay', '--json', '--keep', '--state', state, '--port', '0', '--to', '2013-04-17');
  result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as LoopResult;
  expect(await askForModel()).toBe(200);
}, 480_000);

afterAll(async () => {
  await slipway('local', 'down', '--state', state);
  rmSync(state, { recursive: true, force: true });
}, 60_000);

/** What the loop itself does not ask the API: how the model is. */
async function askForModel(): Promise<number> {
  const { apiUrl } = JSON.parse(await slipway('local', 'status', '--json', '--state', state)) as { apiUrl: string };
  const token = await slipway('token', '--consumer', 'ops-dashboard', '--json', '--state', state);
  const { access_token } = JSON.parse(token) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  return (await fetch(`${apiUrl.replace(/\/$/, '')}/v1/models/flight-delay`, { headers })).status;
}

function first(event: string, from = 0): number {
  return result.timeline.findIndex((entry, index) => index >= from && entry.event === event);
}

test('day 0 serves a baseline and the first quarter trains version 1', () => {
  expect(result.timeline[0]).toMatchObject({ event: 'baseline-deployed', version: '0' });
  const promoted = result.timeline[first('promoted')];
  expect(promoted).toMatchObject({ event: 'promoted', version: '1' });
  expect(promoted?.metrics?.auc).toBeGreaterThan(0.83);
});

test('drift in real traffic raises the alarm, and the cooldown holds the first request back', () => {
  const drift = first('drift-detected');
  const alarm = first('alarm', drift);
  const refused = first('refused', alarm);

  expect(drift).toBeGreaterThan(0);
  expect(result.timeline[drift]?.reason).toMatch(/origin_weather__last_temp: psi \d/);
  expect(alarm).toBeGreaterThan(drift);
  expect(result.timeline[refused]?.reason).toMatch(/^drift: cooldown until 2013-04-1/);
});

test('after the cooldown the model is retrained, passes its gates and is promoted by canary', () => {
  const decided = result.timeline.findLastIndex(({ event }) => event === 'retrain-decided');
  expect(result.timeline[decided]?.reason).toBe('drift');
  const rest = result.timeline.slice(decided).map(({ event }) => event);

  expect(
    rest.filter((event) => ['retrain-decided', 'trained', 'evaluated', 'canary-started', 'promoted'].includes(event)),
  ).toEqual(['retrain-decided', 'trained', 'evaluated', 'canary-started', 'promoted']);
  expect(result.champion.version).toBe('2');
});

test('the new champion is better than the one before on the same rows', () => {
  expect(result.previous?.version).toBe('1');
  expect(result.champion.metrics.auc ?? 0).toBeGreaterThan(result.previous?.metrics.auc ?? 1);
});

test('nothing was refused on the way: every role has what it needs', async () => {
  expect(await new RunningCloud(state).control('denied')).toEqual({ denied: [] });
});

test('no role has a statement that it does not need, but for those that are excused with a reason', async () => {
  const idle = (await new RunningCloud(state).statements()).filter(({ needed }) => !needed);
  const excuses = (actions: string, policy: string): boolean =>
    UNNEEDED.some((entry) => entry.actions === actions && (entry.policies?.test(policy) ?? true));

  const named = idle.map(({ policy, actions }) => ({ policy, actions: actions.join(' ') }));
  expect(named.filter(({ policy, actions }) => !excuses(actions, policy))).toEqual([]);
  const excused = new Set(named.map(({ actions }) => actions));
  expect(UNNEEDED.filter(({ actions, sometimes }) => sometimes !== true && !excused.has(actions))).toEqual([]);
});

test('no needed statement has an action that no call needs, but for those that are excused with a reason', async () => {
  const statements = await new RunningCloud(state).statements();
  const idle = statements.flatMap(({ policy, idle: actions }) => actions.map((action) => ({ policy, action })));
  const excuses = (entry: Unneeded, { policy, action }: (typeof idle)[number]): boolean =>
    entry.actions.split(' ').includes(action) && (entry.policies?.test(policy) ?? true);

  expect(idle.filter((one) => !UNNEEDED_ACTIONS.some((entry) => excuses(entry, one)))).toEqual([]);
  expect(UNNEEDED_ACTIONS.filter((entry) => !idle.some((one) => excuses(entry, one)))).toEqual([]);
});
