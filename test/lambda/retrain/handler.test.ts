import { names } from '../../../core/naming';
import { makeRetrain, type RetrainDependencies } from '../../../lambda/retrain/handler';
import { platform } from '../../support/example-platform';
import { MemoryChampions, MemoryHistory, MemoryMetrics, MemoryWindows, silent } from '../../support/in-memory-stores';

const DAY = 86_400_000;
const NOW = Date.UTC(2013, 3, 20);
const MODEL = 'flight-delay';
const stage = names('dev');

interface Start {
  readonly pipeline: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly token: string;
}

/** The function over stores in memory; `start` behaves as the service: one execution per token. */
function setUp(overrides: Partial<RetrainDependencies> = {}) {
  const starts: Start[] = [];
  const history = new MemoryHistory();
  const champions = new MemoryChampions();
  champions.pointers.set(MODEL, {
    version: '1',
    modelDataUrl: 's3://b/k',
    digest: `sha256:${'0'.repeat(64)}`,
    promotedAt: '2013-04-01T00:00:00Z',
  });
  const dependencies: RetrainDependencies = {
    platform,
    stage: { name: 'dev' },
    names: stage,
    history,
    champions,
    windows: new MemoryWindows(),
    start: async (pipeline, parameters, token) => {
      starts.push({ pipeline, parameters, token });
      return `arn:execution/${token}`;
    },
    alarmsInAlarm: async () => [],
    metrics: new MemoryMetrics(),
    log: silent,
    now: () => NOW,
    ...overrides,
  };
  return {
    starts,
    history,
    champions,
    invoke: (event: unknown, id = 'request-1') => makeRetrain(dependencies)(event, { awsRequestId: id }),
    dependencies,
  };
}

function alarm(name: string, value = 'ALARM', timestamp = '2013-04-20T00:01:00.000+0000') {
  return { source: 'aws.cloudwatch', alarmData: { alarmName: name, state: { value, reason: 'Threshold Crossed', timestamp } } };
}

test('precision below its floor starts a run at once, with the spans and the champion to beat', async () => {
  const { invoke, starts, history } = setUp();

  const answer = await invoke(alarm(stage.floorAlarm(MODEL, 'precision')));

  expect(answer).toMatchObject({ retrain: true, reason: 'quality-floor' });
  expect(starts[0]?.pipeline).toBe('slipway-dev-flight-delay');
  expect(starts[0]?.token.length).toBeGreaterThanOrEqual(32);
  expect(starts[0]?.parameters).toMatchObject({
    HoldoutTo: '2013-04-18T00:00:00.000Z',
    ChampionDataUrl: 's3://b/k',
    Reason: 'quality-floor',
  });
  expect(history.events()).toEqual(['alarm', 'retrain-decided']);
});

test('a hundred deliveries of one alarm start one run', async () => {
  const { invoke, starts, history } = setUp();

  for (let delivery = 0; delivery < 100; delivery += 1)
    await invoke(alarm(stage.floorAlarm(MODEL, 'precision')), `request-${delivery}`);

  expect(new Set(starts.map(({ token }) => token)).size).toBe(1);
  expect(history.events().filter((event) => event === 'retrain-decided')).toHaveLength(1);
});

test('a flapping alarm is suppressed while a run is under way, and the ledger says so', async () => {
  const { invoke, starts, history } = setUp();

  await invoke(alarm(stage.floorAlarm(MODEL, 'precision')));
  await invoke(alarm(stage.floorAlarm(MODEL, 'precision'), 'ALARM', '2013-04-20T00:05:00.000+0000'));

  expect(starts).toHaveLength(1);
  expect([...history.entries.values()].at(-1)).toMatchObject({ event: 'refused', reason: 'quality-floor: already-running' });
});

test('killed after the lease and before the start: the retry starts under the same token', async () => {
  let crash = true;
  const tokens: string[] = [];
  const start = async (_: string, __: object, token: string): Promise<string> => {
    tokens.push(token);
    if (crash) throw new Error('killed');
    return 'arn:execution/1';
  };
  const { invoke, history } = setUp({ start });

  await expect(invoke(alarm(stage.floorAlarm(MODEL, 'precision')))).rejects.toThrow('killed');
  crash = false;
  await invoke(alarm(stage.floorAlarm(MODEL, 'precision')));

  expect(new Set(tokens).size).toBe(1);
  expect(await history.runs()).toHaveLength(1);
});

test('killed after the run was saved: the retry adopts it', async () => {
  const { invoke, starts } = setUp();

  const first = await invoke(alarm(stage.floorAlarm(MODEL, 'precision')));
  const again = await invoke(alarm(stage.floorAlarm(MODEL, 'precision')));

  expect(again).toEqual(first);
  expect(starts).toHaveLength(1);
});

test('drift waits for the cooldown and says until when', async () => {
  const { invoke, history, starts } = setUp();
  await history.putRun(MODEL, { startedAt: NOW - DAY, outcome: 'promoted', execution: 'e', reason: 'initial', token: 1 });

  await invoke(alarm(stage.driftAlarm(MODEL)));

  expect(starts).toEqual([]);
  expect([...history.entries.values()].at(-1)?.reason).toBe('drift: cooldown until 2013-05-03T00:00:00.000Z');
});

test('a freeze stops even a person', async () => {
  const { invoke, champions, starts } = setUp();
  champions.frozen = true;

  await expect(invoke({ model: MODEL, trigger: 'manual' })).resolves.toEqual({ retrain: false, reason: 'frozen' });
  expect(starts).toEqual([]);
});

test('an alarm that is OK again, and an alarm of something else, decide nothing', async () => {
  const { invoke, history } = setUp();

  await invoke(alarm(stage.driftAlarm(MODEL), 'OK'));
  await invoke(alarm('another'));

  expect(history.events()).toEqual([]);
});

test('the schedule looks again at alarms that stay in ALARM', async () => {
  const { invoke, starts } = setUp({
    alarmsInAlarm: async () => [{ name: stage.floorAlarm(MODEL, 'precision'), reason: 'still' }],
  });

  await invoke({ schedule: 'reexamine' });

  expect(starts).toHaveLength(1);
});

test('a model that does not exist is named with those that do', async () => {
  await expect(setUp().invoke({ model: 'nope', trigger: 'manual' })).rejects.toThrow(
    "model: no model 'nope', allowed: flight-delay",
  );
});
