import { number, type Source, string } from '../../../core/definition';
import { outcomeEntrySchema, predictionEntrySchema } from '../../../core/serving';
import { glueColumns, INFERENCE_COLUMNS } from '../../../core/training-set';

const source: Source = {
  name: 'readings',
  owner: 'plant',
  description: 'A sensor has been read.',
  schema: {
    id: string(),
    pressure: number({ description: 'At the inlet', unit: 'bar' }),
    speed: number({ unit: 'm/s' }),
    long: number({ description: 'x'.repeat(255), unit: 'bar' }),
  },
  eventId: 'id',
  eventTime: 'id',
  partitionKey: 'id',
  personal: [],
  retention: '730d',
};

test("a column's comment is its description and unit, never longer than Glue takes", () => {
  expect(glueColumns(source)).toEqual([
    { name: 'id', type: 'string' },
    { name: 'pressure', type: 'double', comment: 'At the inlet (bar)' },
    { name: 'speed', type: 'double', comment: '(m/s)' },
    { name: 'long', type: 'double', comment: `${'x'.repeat(249)} (bar)` },
  ]);
});

test('the inference log has a column for each member of its lines, and no other', () => {
  const members = new Set([...Object.keys(predictionEntrySchema.shape), ...Object.keys(outcomeEntrySchema.shape)]);

  expect(INFERENCE_COLUMNS.map(({ name }) => name).toSorted()).toEqual([...members].toSorted());
});

test('numbers of the inference log are doubles, instants timestamps, everything else text', () => {
  const types = Object.fromEntries(INFERENCE_COLUMNS.map(({ name, type }) => [name, type]));
  const { occurred_at, score, actual, ...others } = types;

  expect({ occurred_at, score, actual }).toEqual({ occurred_at: 'timestamp', score: 'double', actual: 'double' });
  expect(new Set(Object.values(others))).toEqual(new Set(['string']));
});
