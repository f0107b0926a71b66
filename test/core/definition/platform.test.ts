import {
  type Consumer,
  DefinitionError,
  driftLimits,
  durationSchema,
  entityKey,
  featureColumn,
  featureId,
  findConsumer,
  findFeatureGroup,
  findModel,
  findSource,
  findStage,
  groupsOf,
  inputType,
  issuerOf,
  type Model,
  milliseconds,
  modelInputs,
  type Platform,
  parsePlatform,
  seconds,
  storedAggregations,
  tileWidthSeconds,
} from '../../../core/definition';
import { platform } from '../../support/example-platform';

const [model] = platform.models as [Model];

test.each([
  ['model', findModel, platform.models],
  ['source', findSource, platform.sources],
  ['feature group', findFeatureGroup, platform.featureGroups],
  ['consumer', findConsumer, platform.consumers],
  ['stage', findStage, platform.stages],
] as const)('a %s is found by its name, or not', (_, find, elements) => {
  for (const element of elements) expect(find(platform, element.name)).toBe(element);
  expect(find(platform, 'none')).toBeUndefined();
});

test('the groups of a model stand once, in the order in which it reads them', () => {
  expect(groupsOf(platform, model).map(({ name }) => name)).toEqual([
    'origin_congestion',
    'carrier_congestion',
    'aircraft',
    'origin_weather',
  ]);
  expect(groupsOf({ ...platform, featureGroups: [] }, model)).toEqual([]);
});

test('an issuer that does not exist is an error, not the first', () => {
  const [consumer] = platform.consumers as [Consumer];

  expect(issuerOf(platform, consumer)).toBe(platform.issuers[0]);
  expect(() => issuerOf(platform, { ...consumer, issuer: 'company' })).toThrow('unknown issuer company');
});

test('an input has limits of its own, or those of all', () => {
  expect(driftLimits(model.monitoring, 'scheduled_hour')).toEqual({ psi: 0.5 });
  expect(driftLimits(model.monitoring, 'distance')).toBe(model.monitoring.drift.default);
});

test('inputs are of the type of their field, or of what their aggregation gives', () => {
  const types = Object.fromEntries(modelInputs(platform, model).map((input) => [input.id, inputType(input)]));

  expect(types).toMatchObject({
    carrier: 'category',
    distance: 'number',
    scheduled_hour: 'integer',
    'origin_congestion.departures_1h': 'integer',
    'origin_congestion.mean_dep_delay_1h': 'number',
    'aircraft.last_dep_delay_age': 'number',
  });
});

test('an input says where it comes from, and what happens when it is missing', () => {
  const inputs = modelInputs(platform, {
    ...model,
    features: [{ group: 'aircraft', feature: 'last_dep_delay', missing: 'reject' }],
  });

  expect(inputs[0]).toMatchObject({ kind: 'request', column: 'carrier', id: 'carrier', field: { type: 'category' } });
  expect(inputs.at(-1)).toEqual({
    kind: 'feature',
    column: 'aircraft__last_dep_delay',
    id: 'aircraft.last_dep_delay',
    ref: { group: 'aircraft', feature: 'last_dep_delay' },
    aggregation: { kind: 'last', column: 'dep_delay', window: '24h' },
    missing: 'reject',
  });
});

test('an input that does not exist, or cannot be one, is an error', () => {
  const feature = (group: string, name: string) => ({
    ...model,
    features: [{ group, feature: name, missing: 'allow' as const }],
  });
  const request = (type: 'string' | 'timestamp') =>
    ({
      ...model,
      request: { x: type === 'string' ? { type, maxLength: 1, nullable: false } : { type, nullable: false } },
    }) as Model;

  expect(() => modelInputs(platform, feature('gates', 'wait'))).toThrow('unknown feature gates.wait');
  expect(() => modelInputs(platform, feature('aircraft', 'wings'))).toThrow('unknown feature aircraft.wings');
  expect(() => modelInputs(platform, request('string'))).toThrow('a string cannot be a model input');
  expect(() => modelInputs(platform, request('timestamp'))).toThrow('a timestamp cannot be a model input');
});

test('what is computed when it is read is not stored', () => {
  const aircraft = findFeatureGroup(platform, 'aircraft');

  expect(storedAggregations(aircraft ?? { aggregations: {} }).map(([name]) => name)).toEqual(['last_dep_delay']);
});

test('a feature has one name in messages, another in columns', () => {
  expect(featureId({ group: 'g', feature: 'f' })).toBe('g.f');
  expect(featureColumn({ group: 'g', feature: 'f' })).toBe('g__f');
});

test('the identifier of an entity joins its parts, each of which can be told from the others', () => {
  const key = (values: object) => entityKey({ entity: ['a', 'b'] }, { ...values });

  expect(key({ a: 'x', b: 7 })).toBe('x#7');
  expect(key({ a: 'x#y', b: 'z' })).toBe('x%23y#z');
  expect(key({ a: 'x', b: 'y#z' })).toBe('x#y%23z');
  expect(key({ a: '%23', b: 0 })).toBe('%2523#0');
  for (const b of ['', null, undefined, true]) expect(key({ a: 'x', b })).toBeUndefined();
});

test.each([
  ['1s', 1],
  ['90s', 90],
  ['15m', 900],
  ['3h', 10_800],
  ['7d', 604_800],
  ['9999999s', 9_999_999],
] as const)('%s has %i seconds', (duration, expected) => {
  expect(seconds(duration)).toBe(expected);
  expect(milliseconds(duration)).toBe(expected * 1000);
  expect(durationSchema.safeParse(duration).success).toBe(true);
});

test.each(['0s', '1', 's', '1.5h', '01h', '1h ', ' 1h', 'x1h', '1hx', '1w', '10000000s', '-1h'])('%j is no duration', (text) => {
  expect(() => seconds(text as '1h')).toThrow(`not a duration: ${text}`);
  expect(durationSchema.safeParse(text).success).toBe(false);
});

test.each<[string[], number | undefined]>([
  [[], undefined],
  [['12m'], 60],
  [['13m'], 780],
  [['1h', '4h'], 300],
  [['1h', '5h'], 600],
  [['5m', '4h'], 300],
  [['5m', '245m'], undefined],
  [['2h', '90m'], 600],
  [['1h', '7m'], undefined],
])('windows %j share tiles of %s seconds', (windows, width) => {
  const aggregations = Object.fromEntries(
    windows.map((window, at) => [`f${at}`, { kind: 'count' as const, window: window as '1h' }]),
  );

  expect(tileWidthSeconds({ ...aggregations, age: { kind: 'age' } })).toBe(width);
});

function thrownBy(given: unknown): DefinitionError {
  try {
    parsePlatform(given);
  } catch (error) {
    if (error instanceof DefinitionError) return error;
  }
  throw new Error('was accepted');
}

test('an error lists its problems in its message, by their number', () => {
  const [source] = platform.sources;
  const one = thrownBy({ ...platform, name: 'No' });
  const two = thrownBy({ ...platform, name: 'No', consumers: 'none' });

  expect(one.name).toBe('DefinitionError');
  expect(one.message).toBe('platform definition has 1 problem:\n  name: must be lower kebab case, given "No"');
  expect(two.message).toMatch(/^platform definition has 2 problems:\n {2}name: .*\n {2}consumers: .*$/);
  expect(source).toBeDefined();
});

test.each<[string, unknown, string]>([
  ['an element without a name, by its place', { ...platform, sources: [...platform.sources, {}] }, 'sources[3].name: '],
  [
    'an element with an empty name, by its place',
    { ...platform, stages: [{ ...platform.stages[0], name: '' }] },
    'stages[0].name: ',
  ],
  ['an element, by its name', { ...platform, models: [{ ...model, owner: '' }] }, 'models.flight-delay.owner: '],
  ['a whole, as such', 7, '(platform): '],
  ['a number that was given', { ...platform, models: [{ ...model, api: { ...model.api, maxBatch: 0 } }] }, ', given 0'],
])('a problem names %s', (_, given, expected) => {
  expect(
    thrownBy(given)
      .problems.map(({ path, message }) => `${path}: ${message}`)
      .join('\n'),
  ).toContain(expected);
});

test('what was given and is no text or number is not shown', () => {
  expect(thrownBy({ ...platform, name: ['secret'] }).message).not.toContain('secret');
  expect(thrownBy({ ...platform, name: null }).message).not.toContain('given');
});

test('a message begins small', () => {
  for (const { message } of thrownBy({ ...platform, sources: 7, models: [{}] }).problems) expect(message).toMatch(/^[a-z]/);
});

test('lists that are none hide no problem of the others', () => {
  const broken = { ...platform, sources: 7, featureGroups: 7, models: 7, issuers: 7, stages: 7 } as unknown as Platform;

  expect(thrownBy(broken).problems.map(({ path }) => path)).toEqual([
    'sources',
    'featureGroups',
    'models',
    'issuers',
    'stages',
    'consumers.mobile-app.models',
    'consumers.ops-dashboard.models',
  ]);
});
