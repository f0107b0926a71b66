import { DeployedPlatform } from '../support/deployed-platform';
import { RunningCloud } from './least-privilege';
import { UNNEEDED, UNNEEDED_ACTIONS, type Unneeded } from './unneeded-statements';

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

/** Day after the last that is played; a whole month in `npm run test:long`. */
const TO = process.env.LOOP_TO ?? '2013-04-17';

const deployed = new DeployedPlatform('examples/flight-delays');
let result: LoopResult;

beforeAll(async () => {
  result = await deployed.json<LoopResult>('loop', 'flight-delay', '--keep', '--port', '0', '--to', TO);
  expect(await askForModel()).toBe(200);
  // A limit for what hangs: a slow machine takes its time.
}, 3_600_000);

afterAll(() => deployed.end());

/** What the loop itself does not ask the API: how the model is. */
async function askForModel(): Promise<number> {
  const { apiUrl } = await deployed.json<{ apiUrl: string }>('local', 'status');
  const headers = { authorization: `Bearer ${await deployed.token('ops-dashboard')}` };
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
  expect(Number(result.champion.version)).toBeGreaterThanOrEqual(2);
});

test('the new champion is better than the one before on the same rows', () => {
  expect(Number(result.previous?.version)).toBe(Number(result.champion.version) - 1);
  expect(result.champion.metrics.auc ?? 0).toBeGreaterThan(result.previous?.metrics.auc ?? 1);
});

test('nothing was refused on the way: every role has what it needs', async () => {
  expect(await new RunningCloud(deployed.state).control('denied')).toEqual({ denied: [] });
});

test('no role has a statement that it does not need, but for those that are excused with a reason', async () => {
  const idle = (await new RunningCloud(deployed.state).statements()).filter(({ needed }) => !needed);
  const excuses = (actions: string, policy: string): boolean =>
    UNNEEDED.some((entry) => entry.actions === actions && (entry.policies?.test(policy) ?? true));

  const named = idle.map(({ policy, actions }) => ({ policy, actions: actions.join(' ') }));
  expect(named.filter(({ policy, actions }) => !excuses(actions, policy))).toEqual([]);
  const excused = new Set(named.map(({ actions }) => actions));
  expect(UNNEEDED.filter(({ actions, sometimes }) => sometimes !== true && !excused.has(actions))).toEqual([]);
});

test('no needed statement has an action that no call needs, but for those that are excused with a reason', async () => {
  const statements = await new RunningCloud(deployed.state).statements();
  const idle = statements.flatMap(({ policy, idle: actions }) => actions.map((action) => ({ policy, action })));
  const excuses = (entry: Unneeded, { policy, action }: (typeof idle)[number]): boolean =>
    entry.actions.split(' ').includes(action) && (entry.policies?.test(policy) ?? true);

  expect(idle.filter((one) => !UNNEEDED_ACTIONS.some((entry) => excuses(entry, one)))).toEqual([]);
  expect(UNNEEDED_ACTIONS.filter((entry) => !idle.some((one) => excuses(entry, one)))).toEqual([]);
});
