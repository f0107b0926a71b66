import {
  category,
  count,
  defineConsumer,
  defineFeatureGroup,
  defineModel,
  defineSource,
  defineStages,
  fieldSchema,
  integer,
  number,
  outcome,
  required,
  string,
  timestamp,
  withDefault,
} from '../../../core/definition';
import { platform } from '../../support/example-platform';

test('fields are written by their types', () => {
  const fields = [string(), category(), number(), integer(), timestamp()];

  expect(fields).toEqual([
    { type: 'string', nullable: false, maxLength: 128 },
    { type: 'category', nullable: false, unknown: 'missing' },
    { type: 'number', nullable: false },
    { type: 'integer', nullable: false },
    { type: 'timestamp', nullable: false },
  ]);
  for (const field of fields) expect(fieldSchema.parse(field)).toEqual(field);
  expect(fieldSchema.parse({ type: 'string' })).toEqual(string());
  expect(fieldSchema.parse({ type: 'category' })).toEqual(category());
});

test('what is said of a field counts before what is usual', () => {
  expect(string({ nullable: true, maxLength: 9 })).toEqual({ type: 'string', nullable: true, maxLength: 9 });
  expect(category({ values: ['a'], unknown: 'reject' })).toMatchObject({ values: ['a'], unknown: 'reject' });
  expect(number({ unit: 'bar', min: 1, max: 2, nullable: true })).toEqual({
    type: 'number',
    unit: 'bar',
    min: 1,
    max: 2,
    nullable: true,
  });
  expect(integer({ min: 1 })).toEqual({ type: 'integer', min: 1, nullable: false });
  expect(timestamp({ description: 'd' })).toEqual({ type: 'timestamp', description: 'd', nullable: false });
});

const readings = {
  name: 'readings',
  owner: 'plant',
  description: 'A machine has reported a temperature.',
  schema: { id: string(), machine: string(), heat: number(), measured_at: timestamp() },
  eventId: 'id',
  eventTime: 'measured_at',
  partitionKey: 'machine',
} as const;
const source = defineSource(readings);

test('a source keeps its events for two years and has nothing personal, unless it says so', () => {
  expect(source).toMatchObject({ personal: [], retention: '730d' });
  expect(defineSource({ ...readings, personal: ['machine'], retention: '30d' })).toMatchObject({
    personal: ['machine'],
    retention: '30d',
  });
});

test('a group has its features as members, and its aggregations as data', () => {
  const readings_1h = count().over('1h');
  const group = defineFeatureGroup({
    name: 'heat',
    owner: 'plant',
    description: 'How hot it is.',
    source,
    entity: ['machine'],
    ttl: '7d',
    features: { readings_1h },
  });

  expect(group).toEqual({
    name: 'heat',
    owner: 'plant',
    description: 'How hot it is.',
    source: 'readings',
    entity: ['machine'],
    ttl: '7d',
    aggregations: { readings_1h },
    features: { readings_1h: { group: 'heat', feature: 'readings_1h' } },
  });
  expect(required(group.features.readings_1h)).toEqual({ group: 'heat', feature: 'readings_1h', missing: 'reject' });
  expect(withDefault(group.features.readings_1h, 3)).toEqual({ group: 'heat', feature: 'readings_1h', missing: { default: 3 } });
});

test('models, labels and consumers name what they are written with', () => {
  const label = { name: 'hot', column: 'heat', joinOn: 'id', within: '2d' } as const;
  const [model] = platform.models;
  if (model === undefined) throw new Error('the example has no model');

  expect(outcome(source, label)).toEqual({ ...label, source: 'readings' });
  const { spine: _, ...rest } = model;
  const request = { carrier: category() };
  expect(defineModel({ ...rest, request, entity: 'id', spine: { source, time: 'measured_at' } })).toMatchObject({
    name: 'flight-delay',
    spine: { source: 'readings', time: 'measured_at' },
    request,
  });
  const consumer = { name: 'app', description: 'd', owner: 'o', scopes: ['predict' as const], plan: { rate: 1, burst: 1 } };
  expect(defineConsumer({ ...consumer, models: [model] })).toEqual({ ...consumer, models: ['flight-delay'] });
});

test('a table of stages is a list of them', () => {
  const [dev, prod] = platform.stages;
  if (dev === undefined || prod === undefined) throw new Error('the example has two stages');
  const { name: _, ...rest } = dev;

  expect(defineStages({ dev: rest, other: rest })).toEqual([dev, { ...dev, name: 'other' }]);
});
