import { DefinitionError, type Platform, parsePlatform } from '../../../core/definition';
import { platform } from '../../support/example-platform';

type Source = Platform['sources'][number];
type Group = Platform['featureGroups'][number];
type Model = Platform['models'][number];
interface Parts {
  readonly copy: Platform;
  readonly source: Source;
  readonly group: Group;
  readonly model: Model;
}

/** Problems of the example after a change, as `path: message`. */
function problemsAfter(change: (parts: Parts) => void): string[] {
  const copy = structuredClone(platform);
  const [source, group, model] = [copy.sources[0], copy.featureGroups[0], copy.models[0]];
  if (source === undefined || group === undefined || model === undefined) throw new Error('missing in the example');
  change({ copy, source, group, model });
  try {
    parsePlatform(copy);
  } catch (error) {
    if (error instanceof DefinitionError) return error.problems.map((problem) => `${problem.path}: ${problem.message}`);
    throw error;
  }
  return [];
}

const COLUMNS =
  'event_id, flight_id, carrier, origin, dest, tailnum, distance, scheduled_at, scheduled_hour, scheduled_weekday, dep_delay, departed_at';
const NUMERIC = 'distance, scheduled_hour, scheduled_weekday, dep_delay';

test.each<[string, (parts: Parts) => void, string[]]>([
  [
    'event id',
    ({ source }) => Object.assign(source, { eventId: 'id' }),
    [`sources.departures.eventId: unknown column 'id', allowed: ${COLUMNS}`],
  ],
  [
    'partition key',
    ({ source }) => Object.assign(source, { partitionKey: 'gate' }),
    [`sources.departures.partitionKey: unknown column 'gate', allowed: ${COLUMNS}`],
  ],
  [
    'personal column',
    ({ source }) => source.personal.push('pilot', 'tailnum'),
    [`sources.departures.personal: unknown column 'pilot', allowed: ${COLUMNS}`],
  ],
  [
    'event time that is no time',
    ({ source }) => Object.assign(source, { eventTime: 'origin' }),
    ["sources.departures.eventTime: must name a timestamp column, 'origin' is a category"],
  ],
  [
    'nullable event id, time and partition key',
    ({ source }) => {
      source.schema.event_id = { type: 'string', maxLength: 128, nullable: true };
      source.schema.departed_at = { type: 'timestamp', nullable: true };
      source.schema.origin = { type: 'category', unknown: 'missing', nullable: true };
    },
    [
      "sources.departures.eventId: column 'event_id' must not be nullable",
      "sources.departures.eventTime: column 'departed_at' must not be nullable",
      "sources.departures.partitionKey: column 'origin' must not be nullable",
    ],
  ],
  [
    'columns that tables and records have already',
    ({ source }) => {
      for (const name of ['event_date', 'event_time', 'entity_id', 'score', 'label', 'scores'])
        source.schema[name] = { type: 'timestamp', nullable: false };
    },
    ['event_date', 'event_time', 'entity_id', 'score', 'label'].map(
      (name) => `sources.departures.schema.${name}: is a reserved name`,
    ),
  ],
  [
    'bounds of a whole number that cross',
    ({ source }) => {
      source.schema.seats = { type: 'integer', nullable: false, min: 3, max: 2 };
      source.schema.rows = { type: 'integer', nullable: false, min: 2, max: 2 };
      source.schema.doors = { type: 'integer', nullable: false, min: 2 };
    },
    ['sources.departures.schema.seats.min: must not exceed max, given 3 > 2'],
  ],
  [
    'name that means a number here and a text there',
    ({ copy }) => {
      for (const source of copy.sources.slice(1)) source.schema.carrier = { type: 'string', maxLength: 9, nullable: false };
    },
    [
      'sources.weather.schema.carrier: means string here and category in sources.departures.schema',
      'sources.arrivals.schema.carrier: means string here and category in sources.departures.schema',
    ],
  ],
  [
    'key that means something else than its column',
    ({ model }) => Object.assign(model.keys, { tailnum: { type: 'integer', nullable: true } }),
    ['models.flight-delay.keys.tailnum: means integer here and string in sources.departures.schema'],
  ],
  [
    'source of a group',
    ({ group }) => Object.assign(group, { source: 'radar' }),
    ["featureGroups.origin_congestion.source: unknown source 'radar', allowed: departures, weather, arrivals"],
  ],
  [
    'entity of a group',
    ({ group }) => group.entity.push('gate'),
    [
      `featureGroups.origin_congestion.entity: unknown column 'gate', allowed: ${COLUMNS}`,
      ...Array.from(
        { length: 8 },
        (_, at) => `models.flight-delay.features[${at}]: needs gate in request or keys to look 'origin_congestion' up`,
      ),
    ],
  ],
  [
    'features named as columns are, or as what a record has',
    ({ group }) => {
      for (const name of ['score', 'distance', 'far']) group.aggregations[name] = { kind: 'count', window: '1h' };
    },
    [
      'featureGroups.origin_congestion.features.score: is the name of a column',
      'featureGroups.origin_congestion.features.distance: is the name of a column',
    ],
  ],
  [
    'aggregation of a text',
    ({ group }) => Object.assign(group.aggregations, { who: { kind: 'max', column: 'carrier', window: '1h' } }),
    [`featureGroups.origin_congestion.features.who.column: unknown numeric column 'carrier', allowed: ${NUMERIC}`],
  ],
  [
    'source of the spine',
    ({ model }) => Object.assign(model.spine, { source: 'radar' }),
    ["models.flight-delay.spine.source: unknown source 'radar', allowed: departures, weather, arrivals"],
  ],
  [
    'time of the spine that is no time',
    ({ model }) => Object.assign(model.spine, { time: 'origin' }),
    ["models.flight-delay.spine.time: must name a timestamp column, 'origin' is a category"],
  ],
  [
    'time, entity, feature and key that the spine does not have',
    ({ model }) => {
      model.spine.time = 'at';
      model.entity = 'flight';
      model.request.gate = { type: 'category', unknown: 'missing', nullable: false };
      model.keys.pilot = { type: 'string', maxLength: 9, nullable: false };
    },
    [
      `models.flight-delay.entity: unknown column 'flight' of departures, allowed: ${COLUMNS}`,
      `models.flight-delay.spine.time: unknown column 'at' of departures, allowed: ${COLUMNS}`,
      `models.flight-delay.request.gate: unknown column 'gate' of departures, allowed: ${COLUMNS}`,
      `models.flight-delay.keys.pilot: unknown column 'pilot' of departures, allowed: ${COLUMNS}`,
    ],
  ],
  [
    'source of the label',
    ({ model }) => Object.assign(model.label, { source: 'radar' }),
    ["models.flight-delay.label.source: unknown source 'radar', allowed: departures, weather, arrivals"],
  ],
  [
    'columns of the label',
    ({ model }) => Object.assign(model.label, { joinOn: 'flight', column: 'arrived_at' }),
    [
      "models.flight-delay.label.joinOn: unknown column 'flight', allowed: event_id, flight_id, arr_delay, arrived_at",
      "models.flight-delay.label.column: unknown numeric column 'arrived_at', allowed: arr_delay",
    ],
  ],
  [
    'group of a feature',
    ({ model }) => model.features.push({ group: 'gates', feature: 'wait', missing: 'allow' }),
    [
      "models.flight-delay.features[16]: unknown feature group 'gates', allowed: origin_congestion, carrier_congestion, aircraft, origin_weather",
    ],
  ],
  [
    'repeated feature',
    ({ model }) => model.features.push({ group: 'aircraft', feature: 'last_dep_delay', missing: 'reject' }),
    ["models.flight-delay.features[16]: repeats 'aircraft.last_dep_delay'"],
  ],
  [
    'inputs that no model can read',
    ({ model }) => {
      model.request.event_id = { type: 'string', maxLength: 128, nullable: false };
      model.request.departed_at = { type: 'timestamp', nullable: false };
    },
    [
      'models.flight-delay.request.event_id.type: must be category, number or integer, given string',
      'models.flight-delay.request.departed_at.type: must be category, number or integer, given timestamp',
    ],
  ],
  [
    'key that is an input as well',
    ({ model }) => Object.assign(model.keys, { carrier: model.request.carrier }),
    ['models.flight-delay.keys.carrier: is also a request feature'],
  ],
  [
    'slices of what is no category, or nothing',
    ({ model }) => model.slices.push('distance', 'gate'),
    [
      "models.flight-delay.slices: must name category request features, given 'distance'",
      "models.flight-delay.slices: must name category request features, given 'gate'",
    ],
  ],
  [
    'stages that are none, and one that is left out',
    ({ model }) => {
      const { prod, ...rest } = model.training.instanceTypes;
      model.training.instanceTypes = { ...rest, test: prod ?? [] };
    },
    [
      "models.flight-delay.training.instanceTypes: lacks stage 'prod'",
      "models.flight-delay.training.instanceTypes: unknown stage 'test', allowed: dev, prod",
    ],
  ],
  [
    'names that are taken, once for each',
    ({ copy, source, model }) => {
      copy.sources.push(source, source);
      copy.models.push(model);
      copy.stages.push(...copy.stages.slice(0, 1));
      copy.consumers.push(...copy.consumers.slice(0, 1));
    },
    [
      'sources.departures: is defined more than once',
      'models.flight-delay: is defined more than once',
      'consumers.mobile-app: is defined more than once',
      'stages.dev: is defined more than once',
    ],
  ],
  [
    'model of a consumer',
    ({ copy }) => copy.consumers[0]?.models.push('eta'),
    ["consumers.mobile-app.models: unknown model 'eta', allowed: flight-delay"],
  ],
])('%s: exactly these problems', (_, change, expected) => {
  expect(problemsAfter(change)).toEqual(expected);
});

test('what the score is watched by is no unknown input, and every input may be watched', () => {
  const inputs = { score: {}, carrier: {}, aircraft__last_dep_delay: {} };

  expect(problemsAfter(({ model }) => Object.assign(model.monitoring.drift, { inputs }))).toEqual([]);
});

test('a feature group that no model reads may be keyed by what callers do not send', () => {
  expect(
    problemsAfter(({ copy, group }) => {
      copy.featureGroups.push({ ...group, name: 'by_dest', entity: ['dest', 'scheduled_hour'] });
    }),
  ).toEqual([]);
});

test('what is malformed is told once: a reference to it is no problem of its own', () => {
  const malformed = (name: string) => ({ name }) as never;

  expect(
    problemsAfter(({ copy, model }) => {
      copy.sources.push(malformed('radar'));
      copy.featureGroups.push(malformed('gates'));
      copy.models.push(malformed('eta'));
      model.spine.source = 'radar';
      model.label.source = 'radar';
      model.features.push({ group: 'gates', feature: 'wait', missing: 'allow' });
      copy.consumers[0]?.models.push('eta');
      const group = copy.featureGroups[1];
      if (group !== undefined) group.source = 'radar';
    }).filter((text) => !/^(sources\.radar|featureGroups\.gates|models\.eta)/.test(text)),
  ).toEqual([]);
});

test('of nothing, none is allowed', () => {
  expect(
    problemsAfter(({ copy }) => {
      copy.models.splice(0);
      for (const consumer of copy.consumers) consumer.models = ['eta'];
    }),
  ).toEqual([
    "consumers.mobile-app.models: unknown model 'eta', allowed: none",
    "consumers.ops-dashboard.models: unknown model 'eta', allowed: none",
  ]);
});
