import {
  parsePredictionId,
  predictionId,
  predictionRequestSchema,
  predictionResponseSchema,
  requestFeatures,
} from '../../../core/api';
import { platform } from '../../support/example-platform';

const ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const model = platform.models[0] ?? fail();

function fail(): never {
  throw new Error('the example has no model');
}

test.each(['a', 'flight-delay', `m${'9'.repeat(31)}`])('the id of a prediction of %s names it', (name) => {
  expect(predictionId(name, ULID)).toBe(`${name}.${ULID}`);
  expect(parsePredictionId(`${name}.${ULID}`)).toEqual({ model: name, ulid: ULID });
});

test.each([
  'flight-delay',
  `.${ULID}`,
  `Flight.${ULID}`,
  `9flight.${ULID}`,
  `m${'9'.repeat(32)}.${ULID}`,
  `flight.${ULID}X`,
  `flight.${ULID.slice(1)}`,
  `flight.${ULID.replace('0', 'I')}`,
  `flight.${ULID.toLowerCase()}`,
  `../x/flight.${ULID}`,
  ` flight.${ULID}`,
  `flight.${ULID}\n`,
])('%j is no id of a prediction', (id) => {
  expect(parsePredictionId(id)).toBeUndefined();
});

test('the entity is a text of 1 to 128 letters that must be there', () => {
  const given = {
    carrier: 'UA',
    origin: 'JFK',
    dest: 'LAX',
    distance: 1,
    scheduled_hour: 1,
    scheduled_weekday: 1,
    tailnum: null,
  };
  const read = (entity: object) => predictionRequestSchema(model).safeParse({ instances: [{ ...given, ...entity }] }).success;

  expect([read({ flight_id: 'f' }), read({ flight_id: 'f'.repeat(128) })]).toEqual([true, true]);
  expect([read({}), read({ flight_id: null }), read({ flight_id: '' }), read({ flight_id: 'f'.repeat(129) })]).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test('an answer tells its model, and of each prediction the id, the task and how old features are', () => {
  const prediction = {
    flight_id: 'f',
    prediction_id: predictionId('flight-delay', ULID),
    score: 0.5,
    label: true,
    feature_ages: { aircraft: 12.5, origin_weather: null },
  };
  const answer = { model: 'flight-delay', model_version: '7', request_id: 'r', predictions: [prediction] };
  const schema = predictionResponseSchema(model);

  expect(schema.parse(answer)).toEqual(answer);
  for (const member of Object.keys(answer)) expect(schema.safeParse({ ...answer, [member]: undefined }).success).toBe(false);
  for (const member of Object.keys(prediction))
    expect(schema.safeParse({ ...answer, predictions: [{ ...prediction, [member]: undefined }] }).success).toBe(false);
});

test('features are numbers and texts as they were sent; what is neither is missing', () => {
  const sent = { carrier: 'UA', origin: 'JFK', dest: 'LAX', distance: 2475, scheduled_hour: null, scheduled_weekday: true };

  expect(requestFeatures(model, sent)).toEqual({
    carrier: 'UA',
    origin: 'JFK',
    dest: 'LAX',
    distance: 2475,
    scheduled_hour: null,
    scheduled_weekday: null,
  });
});
