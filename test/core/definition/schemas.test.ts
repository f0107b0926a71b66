import { DefinitionError, type Platform, parsePlatform } from '../../../core/definition';
import { platform } from '../../support/example-platform';

type Path = string;

/** The example with a value put at a path (`models.0.api.maxBatch`); `undefined` takes the member away. */
function withValue(path: Path, value: unknown): Platform {
  const copy = structuredClone(platform);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<object>((at, key) => Object(Reflect.get(at, key)), copy);
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else Reflect.set(parent, last, value);
  return copy;
}

function problemsOf(path: Path, value: unknown): string[] {
  try {
    parsePlatform(withValue(path, value));
  } catch (error) {
    if (error instanceof DefinitionError) return error.problems.map((problem) => `${problem.path}: ${problem.message}`);
    throw error;
  }
  return [];
}

const LONG = (length: number) => 'x'.repeat(length);
const GONE = undefined;
const DURATIONS = ['', '0h', '1.5h', '1w', '01h', '1h ', ' 1h', 90, '12345678s'];
const MODEL = 'models.0';
const STAGE = 'stages.1';
const CANARY = `${MODEL}.serving.canary`;
const FLEET = `${MODEL}.serving.fleet.prod`;

/** What each word of a definition takes and what it does not, at its bounds. */
const WORDS: readonly (readonly [Path, readonly unknown[], readonly unknown[]])[] = [
  ['name', ['a', `a${LONG(31)}`, 'a-1-b'], ['', `a${LONG(32)}`, 'A', '1a', 'a--b', '-a', 'a-', 'a_b', GONE]],
  ['sources', [], [[], GONE, {}]],
  ['stages', [], [[], GONE]],
  ['sources.0.owner', ['x'], ['', GONE]],
  ['sources.0.description', [LONG(10), LONG(255)], [LONG(9), LONG(256), GONE]],
  ['sources.0.personal', [[], ['tailnum']], [['tail'], GONE]],
  ['sources.0.retention', ['1d'], [...DURATIONS, GONE]],
  ['sources.0.partitionKey', ['carrier'], ['Origin', GONE]],
  ['sources.0.schema.carrier.description', [LONG(255), GONE], [LONG(256), 7]],
  ['sources.0.schema.carrier.unknown', ['missing', 'reject', GONE], ['guess']],
  ['sources.0.schema.carrier.values', [['UA'], [LONG(64)], GONE], [[], [''], [LONG(65)], [7]]],
  ['sources.0.schema.tailnum.maxLength', [1, 128, GONE], [0, 1.5, '9']],
  ['sources.0.schema.tailnum.type', [], ['text', GONE]],
  ['sources.0.schema.dep_delay.min', [-1e9, GONE], ['0']],
  ['sources.0.schema.scheduled_at.nullable', [true, false, GONE], ['yes']],
  ['sources.0.schema.scheduled_hour.unit', [], [LONG(25)]],
  ['sources.0.schema.departed_at.min', [GONE], [1]],
  ['featureGroups.0.owner', ['x'], ['', GONE]],
  ['featureGroups.0.description', [LONG(10)], [LONG(9), LONG(256)]],
  ['featureGroups.0.entity', [['origin']], [[], ['Origin'], GONE]],
  ['featureGroups.0.ttl', ['1d'], [...DURATIONS, GONE]],
  ['featureGroups.0.name', [], [`a${LONG(48)}`, 'a__b', 'aB', '_a', 'a_', '1a', 'a-b', GONE]],
  [`${MODEL}.owner`, ['x'], ['', GONE]],
  [`${MODEL}.description`, [LONG(10)], [LONG(9)]],
  [`${MODEL}.card.intendedUse`, [LONG(10)], [LONG(9), GONE]],
  [`${MODEL}.card.limitations`, [LONG(10)], [LONG(9), GONE]],
  [`${MODEL}.card.risk`, ['low', 'medium', 'high'], ['none', GONE]],
  [`${MODEL}.task`, ['binary-classification'], ['divination', GONE]],
  [`${MODEL}.features`, [], [[], GONE]],
  [`${MODEL}.features.0.missing`, ['allow', 'reject', { default: -1.5 }, GONE], ['drop', { default: '1' }, {}, 7]],
  [`${MODEL}.features.0.group`, [], [GONE, 'Group']],
  [`${MODEL}.slices`, [[], ['carrier'], GONE], [['distance'], ['Carrier'], 'carrier']],
  [`${MODEL}.api.maxBatch`, [1, 1000], [0, 1001, 1.5, GONE]],
  [`${MODEL}.api.timeout`, ['1s', '29s'], [...DURATIONS, '30s', GONE]],
  [`${MODEL}.label.name`, ['late'], ['Late', GONE]],
  [`${MODEL}.label.joinOn`, ['event_id'], ['Flight', GONE]],
  [`${MODEL}.label.within`, ['1h'], [...DURATIONS, GONE]],
  [`${MODEL}.training.algorithm`, ['xgboost'], ['oracle', GONE]],
  [
    `${MODEL}.training.instanceTypes.prod`,
    [['ml.m5.xlarge'], ['ml.m5.large', 'ml.g4dn-x.metal24']],
    [[], ['m5.large'], ['ml.m5'], ['ml.m5.large '], ['xml.m5.large'], ['ml.M5.large']],
  ],
  [`${MODEL}.training.volumeGiB`, [1, 1024, GONE], [0, 1025, 1.5]],
  [`${MODEL}.training.maxRuntime`, ['1h', GONE], DURATIONS],
  [`${MODEL}.training.spot`, [true, false, GONE], ['yes']],
  [`${MODEL}.training.window`, ['30d'], [...DURATIONS, GONE]],
  [`${MODEL}.training.holdout`, ['7d'], [...DURATIONS, GONE]],
  [`${MODEL}.training.validationShare`, [0.01, 0.49, GONE], [0, 0.5, '0.1']],
  [`${FLEET}.instanceType`, ['ml.m5.large'], ['m5.large', 'ml.m5', 'ml.m5.large ', 'xml.m5.large', GONE]],
  [`${FLEET}.minInstances`, [1, 8], [0, 9, 1.5, GONE]],
  [`${FLEET}.maxInstances`, [2, 100], [1, 101, GONE]],
  [`${FLEET}.invocationsPerInstance`, [1], [0, 1.5, GONE]],
  [`${CANARY}.sizePercent`, [1, 50], [0, 51, 1.5, GONE]],
  [`${CANARY}.bake`, ['54m'], [...DURATIONS, '55m', GONE]],
  [`${CANARY}.terminationWait`, ['49m'], [...DURATIONS, '50m', GONE]],
  [`${CANARY}.maxDuration`, ['4h', '901s'], [...DURATIONS, '15m', '14401s', GONE]],
  [`${CANARY}.alarms.errorRatePercent`, [0.1, 100], [0, 101, GONE]],
  [`${CANARY}.alarms.latencyP99Ms`, [0.1], [0, GONE]],
  [`${MODEL}.monitoring.window`, ['1h'], [...DURATIONS, GONE]],
  [`${MODEL}.monitoring.minSamples`, [1], [0, 1.5, GONE]],
  [`${MODEL}.monitoring.outcomesWithin`, ['1h'], [...DURATIONS, GONE]],
  [`${MODEL}.monitoring.drift.default`, [{}], [GONE, { chi: 1 }, { psi: 'x' }]],
  [`${MODEL}.monitoring.drift.inputs`, [{}, { score: { psi: 0.5 } }, GONE], [{ origin: { chi: 1 } }]],
  [
    `${MODEL}.monitoring.alarm`,
    [
      { breaches: 1, windows: 1 },
      { breaches: 7, windows: 7 },
    ],
    [{ breaches: 0, windows: 1 }, { breaches: 2, windows: 1 }, { breaches: 1, windows: 25 }, { breaches: 0, windows: 0 }, GONE],
  ],
  [`${MODEL}.retraining.cooldown`, ['28d'], [...DURATIONS, '29d', GONE]],
  [`${MODEL}.retraining.maxCooldown`, ['14d'], [...DURATIONS, '13d', GONE]],
  [`${MODEL}.retraining.dailyBudget`, [1, 24], [0, 25, 1.5, GONE]],
  [`${MODEL}.retraining.minNewLabels`, [0], [-1, 1.5, GONE]],
  [`${MODEL}.retraining.lease`, ['1h'], [...DURATIONS, GONE]],
  ['consumers.0.owner', ['x'], ['', GONE]],
  ['consumers.0.description', [LONG(10)], [LONG(9)]],
  [
    'consumers.0.scopes',
    [['predict'], ['predict', 'outcomes:write', 'events:write', 'models:read']],
    [[], ['predict:all'], GONE],
  ],
  ['consumers.0.plan.rate', [0.1], [0, GONE]],
  ['consumers.0.plan.burst', [1], [0, 1.5, GONE]],
  [
    'consumers.0.plan.quota',
    [GONE, ...['DAY', 'WEEK', 'MONTH'].map((period) => ({ limit: 1, period }))],
    [{ limit: 0, period: 'DAY' }, { limit: 1, period: 'YEAR' }, {}],
  ],
  [`${STAGE}.account`, ['123456789012', GONE], ['12345678901', '1234567890123', 'a23456789012', 'x123456789012']],
  [`${STAGE}.region`, ['eu-west-1', GONE], ['eu', '']],
  [`${STAGE}.removal`, ['retain'], ['destroy', 'keep', GONE]],
  [`${STAGE}.terminationProtection`, [true, false], ['yes', GONE]],
  [
    `${STAGE}.vpc`,
    [null, { cidr: '10.0.0.0/16', availabilityZones: 2 }, { cidr: '10.0.0.0/16', availabilityZones: 3 }],
    [
      { cidr: '10.0.0.0/16', availabilityZones: 1 },
      { cidr: '10.0.0.0/16', availabilityZones: 4 },
      { availabilityZones: 2 },
      GONE,
    ],
  ],
  [
    `${STAGE}.logRetentionDays`,
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
    [0, 2, 100, 1.5, GONE],
  ],
  [`${STAGE}.auditLogRetentionDays`, [1, 3653], [0, 2, 100, GONE]],
  [`${STAGE}.onCall`, [[], ['a@example.com']], [['nobody'], GONE]],
  [`${STAGE}.monthlyBudgetUsd`, [0.5], [0, GONE]],
  [`${STAGE}.stream`, ['on-demand', { shards: 1 }], [{ shards: 0 }, { shards: 1.5 }, {}, 'provisioned', GONE]],
  [`${STAGE}.throttle`, [{ rate: 0.1, burst: 1 }], [{ rate: 0, burst: 1 }, { rate: 1, burst: 0 }, {}, GONE]],
  [`${STAGE}.reservedConcurrency`, [1, null], [0, 1.5, GONE]],
  [`${STAGE}.tokenLifetimeMinutes`, [5, 1440], [4, 1441, GONE]],
  [`${STAGE}.corsOrigins`, [[], ['https://a.example']], [['a'], GONE]],
];

test.each(WORDS.flatMap(([path, good]) => good.map((value) => [path, value] as const)))('%s may be %j', (path, value) => {
  expect(problemsOf(path, value)).toEqual([]);
});

test.each(WORDS.flatMap(([path, , bad]) => bad.map((value) => [path, value] as const)))('%s may not be %j', (path, value) => {
  expect(problemsOf(path, value)).not.toEqual([]);
});

test.each<[Path, unknown]>([
  ['sources.0', 'more'],
  ['sources.0.schema.carrier', 'min'],
  ['sources.0.schema.tailnum', 'values'],
  ['sources.0.schema.distance', 'maxLength'],
  ['featureGroups.0', 'more'],
  [MODEL, 'more'],
  [`${MODEL}.card`, 'more'],
  [`${MODEL}.spine`, 'more'],
  [`${MODEL}.api`, 'more'],
  [`${MODEL}.label`, 'more'],
  [`${MODEL}.training`, 'more'],
  [`${MODEL}.features.0`, 'more'],
  [`${MODEL}.serving`, 'more'],
  [FLEET, 'more'],
  [CANARY, 'more'],
  [`${CANARY}.alarms`, 'more'],
  [`${MODEL}.monitoring`, 'more'],
  [`${MODEL}.monitoring.drift`, 'more'],
  [`${MODEL}.retraining`, 'more'],
  ['consumers.0', 'more'],
  ['consumers.0.plan', 'more'],
  [STAGE, 'more'],
  [`${STAGE}.vpc`, 'more'],
  [`${STAGE}.throttle`, 'more'],
])('%s has no word %s', (path, word) => {
  expect(problemsOf(`${path}.${word}`, 'x').join()).toContain(`unrecognized key: "${word}"`);
});

test('what is left out has the value that is written down', () => {
  const parsed = (path: Path) => parsePlatform(withValue(path, GONE));

  expect(parsed('sources.0.schema.carrier.unknown').sources[0]?.schema.carrier).toMatchObject({
    unknown: 'missing',
    nullable: false,
  });
  expect(parsed('sources.0.schema.tailnum.maxLength').sources[0]?.schema.tailnum).toMatchObject({ maxLength: 128 });
  expect(parsed('sources.0.schema.scheduled_at.nullable').sources[0]?.schema.scheduled_at?.nullable).toBe(false);
  expect(parsed(`${MODEL}.slices`).models[0]?.slices).toEqual([]);
  expect(parsed(`${MODEL}.features.0.missing`).models[0]?.features[0]?.missing).toBe('allow');
  expect(parsed(`${MODEL}.training.volumeGiB`).models[0]?.training.volumeGiB).toBe(30);
  expect(parsed(`${MODEL}.training.maxRuntime`).models[0]?.training.maxRuntime).toBe('2h');
  expect(parsed(`${MODEL}.training.spot`).models[0]?.training.spot).toBe(false);
  expect(parsed(`${MODEL}.training.validationShare`).models[0]?.training.validationShare).toBe(0.15);
  expect(parsed(`${MODEL}.monitoring.drift.inputs`).models[0]?.monitoring.drift.inputs).toEqual({});
});
