import { number, type Source, string } from '../../../core/definition';
import { glueColumns } from '../../../core/training-set';

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
