import {
  DefinitionError,
  definePlatform,
  modelInputs,
  type Platform,
  parsePlatform,
  seconds,
  tileWidthSeconds,
} from '../../../core/definition';
import { platform } from '../../support/example-platform';

type Json = Record<string, unknown>;

/** Problems of the example after a change, as `path: message`. */
function problemsAfter(change: (copy: Platform) => void): string[] {
  const copy = structuredClone(platform);
  change(copy);
  try {
    parsePlatform(copy);
  } catch (error) {
    if (error instanceof DefinitionError) return error.problems.map((problem) => `${problem.path}: ${problem.message}`);
    throw error;
  }
  return [];
}

function the<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('missing in the fixture');
  return value;
}

test('a checked platform is plain data that parses to itself', () => {
  expect(parsePlatform(JSON.parse(JSON.stringify(platform)))).toEqual(platform);
});

test('every problem is listed at once, each with its path', () => {
  const problems = problemsAfter((copy) => {
    const model = the(copy.models[0]);
    model.training.depth = 99;
    model.spine.source = 'departure';
    the(copy.featureGroups[0]).ttl = 'soon' as '1h';
    the(copy.consumers[0]).models = ['flight-delai'];
    the(copy.sources[0]).eventTime = 'left_at';
  });

  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'featureGroups.origin_congestion.ttl',
    'models.flight-delay.training.depth',
    'sources.departures.eventTime',
    'consumers.mobile-app.models',
  ]);
  expect(problems[0]).toContain('must be a duration such as 90s, 15m, 3h or 7d, given "soon"');
  expect(problems[3]).toContain("unknown model 'flight-delai', allowed: ");
});

test.each<[string, (copy: Platform) => void, string]>([
  [
    'a feature that does not exist',
    (copy) => the(copy.models[0]).features.push({ group: 'aircraft', feature: 'wings', missing: 'allow' }),
    "models.flight-delay.features[16]: unknown feature 'aircraft.wings', allowed: last_dep_delay, last_dep_delay_age",
  ],
  [
    'an entity that the caller does not send',
    (copy) => {
      the(copy.models[0]).keys = {};
    },
    "models.flight-delay.features[10]: needs tailnum in request or keys to look 'aircraft' up",
  ],
  [
    'one name with two meanings',
    (copy) => {
      the(copy.models[0]).request.distance = { type: 'number', unit: 'km', nullable: false };
    },
    'models.flight-delay.request.distance: means number in km here and number in miles in sources.departures.schema',
  ],
  [
    'a name defined twice',
    (copy) => copy.featureGroups.push(the(copy.featureGroups[0])),
    'featureGroups.origin_congestion: is defined more than once',
  ],
  [
    'a stage without a fleet',
    (copy) => {
      delete the(copy.models[0]).serving.fleet.prod;
    },
    "models.flight-delay.serving.fleet: lacks stage 'prod'",
  ],
  [
    'limits of an input that does not exist',
    (copy) => {
      the(copy.models[0]).monitoring.drift.inputs.wind = {};
    },
    "models.flight-delay.monitoring.drift.inputs.wind: unknown input 'wind'",
  ],
  [
    'windows without a common tile width',
    (copy) => {
      the(copy.featureGroups[0]).aggregations.far = { kind: 'count', window: '90d' };
    },
    'featureGroups.origin_congestion.features: need windows with a tile width in common',
  ],
  [
    'a canary that bakes too long',
    (copy) => {
      the(copy.models[0]).serving.canary.bake = '2h';
    },
    'models.flight-delay.serving.canary.bake: must be at most 1h, given 2h',
  ],
  [
    'windows of monitoring whose alarm would look back more than a week',
    (copy) => {
      the(copy.models[0]).monitoring.window = '14d';
    },
    'models.flight-delay.monitoring.window: must be at most 7d with alarm.windows, given ',
  ],
  [
    'a fleet that cannot be scaled',
    (copy) => {
      the(the(copy.models[0]).serving.fleet.dev).instanceType = 'ml.t2.medium';
    },
    'models.flight-delay.serving.fleet.dev.instanceType: must be a type that can be scaled, which burstable ones cannot, given ml.t2.medium',
  ],
  [
    'a minimum above its maximum',
    (copy) => {
      the(copy.sources[0]).schema.distance = { type: 'number', unit: 'miles', nullable: false, min: 2, max: 1 };
    },
    'sources.departures.schema.distance.min: must not exceed max, given 2 > 1',
  ],
])('%s is refused', (_, change, expected) => {
  expect(problemsAfter(change)).toContainEqual(expect.stringContaining(expected));
});

test('an unknown option is a problem, with its path', () => {
  const copy: Json = { ...structuredClone(platform), regions: [] };

  expect(() => parsePlatform(copy)).toThrow('(platform): unrecognized key: "regions"');
});

test('something that is no platform is refused without a crash', () => {
  expect(() => parsePlatform(null)).toThrow(DefinitionError);
  expect(() => parsePlatform({ models: 'none' })).toThrow(DefinitionError);
});

test('typed members do not reach the data', () => {
  const { featureGroups } = definePlatform(platform);

  expect(featureGroups.every((group) => !('features' in group))).toBe(true);
});

test('model inputs are request features, then looked-up features, in order', () => {
  const inputs = modelInputs(platform, the(platform.models[0])).map((input) => input.column);

  expect(inputs.slice(0, 7)).toEqual([
    'carrier',
    'origin',
    'dest',
    'distance',
    'scheduled_hour',
    'scheduled_weekday',
    'origin_congestion__mean_dep_delay_1h',
  ]);
  expect(inputs).toHaveLength(22);
});

test.each<[string[], number | undefined]>([
  [['1h', '3h'], 300],
  [['24h'], 7200],
  [['1h', '24h'], 1800],
  [['10m'], 60],
  [['30s'], undefined],
  [['1h', '90d'], undefined],
])('windows %j share tiles of %s seconds', (windows, width) => {
  const aggregations = Object.fromEntries(
    windows.map((window, at) => [`f${at}`, { kind: 'count' as const, window: window as '1h' }]),
  );

  expect(tileWidthSeconds(aggregations)).toBe(width);
});

test('seconds of a duration, and a refusal of anything else', () => {
  expect([seconds('90s'), seconds('15m'), seconds('3h'), seconds('7d')]).toEqual([90, 900, 10_800, 604_800]);
  expect(() => seconds('0h')).toThrow('not a duration: 0h');
});
