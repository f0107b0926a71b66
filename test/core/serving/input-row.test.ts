import { modelInputs, required, withDefault } from '../../../core/definition';
import { inputRow, lookups, type RecordLookup } from '../../../core/serving';
import { originCongestion, platform } from '../../support/example-platform';

const model = platform.models[0] ?? fail();
const NOW = Date.UTC(2013, 3, 1, 12);
const HOUR = 3_600_000;
const instance = {
  flight_id: 'f',
  carrier: 'UA',
  origin: 'EWR',
  dest: 'IAH',
  distance: 1400,
  scheduled_hour: 8,
  scheduled_weekday: 1,
  tailnum: 'N1',
};

function fail(): never {
  throw new Error('the example has no model');
}

const found: RecordLookup = (group) => ({ eventTime: NOW - HOUR, values: { [Object.keys(group.aggregations)[0] ?? '']: 7 } });

test('the row has every input of the model, in the order of the artefact', () => {
  const { inputs } = inputRow(platform, model, instance, found, NOW);

  expect(Object.keys(inputs)).toEqual(modelInputs(platform, model).map(({ column }) => column));
  expect(inputs.origin_congestion__mean_dep_delay_1h).toBe(7);
  expect(inputs.aircraft__last_dep_delay_age).toBe(3600);
});

test('an unknown aircraft has no lookup, and its features are missing', () => {
  const row = inputRow(platform, model, { ...instance, tailnum: null }, found, NOW);

  expect(lookups(platform, model, { ...instance, tailnum: null }).map(({ group }) => group.name)).not.toContain('aircraft');
  expect(row.inputs.aircraft__last_dep_delay).toBeNull();
  expect(row.featureAges.aircraft).toBeNull();
  expect(row.featureAges.origin_congestion).toBe(3600);
});

test('a record older than the time to live of its group is missing', () => {
  const stale: RecordLookup = (group) => ({
    eventTime: NOW - (group.name === 'origin_weather' ? 6 : 1) * HOUR,
    values: { last_temp: 40 },
  });
  const row = inputRow(platform, model, instance, stale, NOW);

  expect(row.inputs.origin_weather__last_temp).toBeNull();
  expect(row.featureAges.origin_weather).toBeNull();
});

test('a missing feature is refused or replaced as declared, never silently zero', () => {
  const [first, second] = [originCongestion.features.mean_dep_delay_1h, originCongestion.features.departures_1h];
  const strict = { ...model, features: [required(first), withDefault(second, 3)] };
  const row = inputRow(platform, strict, instance, () => undefined, NOW);

  expect(row.rejected).toEqual(['origin_congestion.mean_dep_delay_1h']);
  expect(row.inputs.origin_congestion__departures_1h).toBe(3);
  expect(row.inputs.origin_congestion__mean_dep_delay_1h).toBeNull();
});
