import { acceptedSchema, eventSchema, eventsRequestSchema, modelInfoSchema, outcomesRequestSchema } from '../../../core/api';
import { defineSource, number, string, timestamp } from '../../../core/definition';

const source = defineSource({
  name: 'readings',
  owner: 'plant',
  description: 'A machine has reported a temperature.',
  schema: { id: string(), heat: number({ nullable: true }), measured_at: timestamp() },
  eventId: 'id',
  eventTime: 'measured_at',
  partitionKey: 'id',
});
const NOW = Date.parse('2013-04-01T00:00:00.000Z');
const now = () => NOW;
const event = (at: number) => ({ id: 'a', heat: 1, measured_at: new Date(at).toISOString() });
const outcome = { prediction_id: `eta.${'0'.repeat(26)}`, value: -2.5, occurred_at: '2013-01-01T10:00:00.000Z' };

test('an event that lies further ahead than clocks may differ is refused at its time', () => {
  expect(eventSchema(source, now).safeParse(event(NOW + 300_000)).success).toBe(true);

  const late = eventSchema(source, now).safeParse(event(NOW + 300_001));
  expect(late.error?.issues).toMatchObject([{ code: 'custom', path: ['measured_at'], message: 'must not lie in the future' }]);
});

test('without a clock an event may lie anywhere in time', () => {
  expect(eventSchema(source).safeParse(event(NOW + 1e12)).success).toBe(true);
  expect(outcomesRequestSchema().safeParse({ outcomes: [{ ...outcome, occurred_at: '2999-01-01T00:00:00.000Z' }] }).success).toBe(
    true,
  );
});

test.each([1, 500])('%i events or outcomes are taken at once', (count) => {
  expect(eventsRequestSchema(source).safeParse({ events: new Array(count).fill(event(NOW)) }).success).toBe(true);
  expect(outcomesRequestSchema().safeParse({ outcomes: new Array(count).fill(outcome) }).success).toBe(true);
});

test.each([0, 501])('%i are not', (count) => {
  expect(eventsRequestSchema(source).safeParse({ events: new Array(count).fill(event(NOW)) }).success).toBe(false);
  expect(outcomesRequestSchema().safeParse({ outcomes: new Array(count).fill(outcome) }).success).toBe(false);
});

test.each([
  ['an id that no answer gave', { ...outcome, prediction_id: 'eta' }, 'must be the prediction_id of an answer'],
  [
    'an instant without milliseconds',
    { ...outcome, occurred_at: '2013-01-01T10:00:00Z' },
    'must be an instant such as 2013-01-01T10:00:00.000Z',
  ],
])('an outcome with %s is refused, and told what is wanted', (_, given, message) => {
  expect(outcomesRequestSchema(now).safeParse({ outcomes: [given] }).error?.issues).toMatchObject([{ message }]);
});

test('a body of outcomes has nothing else', () => {
  expect(outcomesRequestSchema().safeParse({ outcomes: [{ ...outcome, note: '' }] }).success).toBe(false);
  expect(outcomesRequestSchema().safeParse({ outcomes: [outcome], more: 1 }).success).toBe(false);
});

test('answers say how many were taken, and what a champion is', () => {
  const info = {
    model: 'eta',
    description: 'd',
    version: '7',
    promoted_at: '2013-01-01T10:00:00.000Z',
    digest: 'sha256:0',
    endpoint_status: 'InService',
    inputs: [
      { name: 'origin', type: 'category', source: 'request' },
      { name: 'heat__mean', type: 'number', source: 'feature' },
    ],
    request_id: 'r',
  };

  expect(acceptedSchema.parse({ accepted: 3, request_id: 'r' })).toEqual({ accepted: 3, request_id: 'r' });
  expect(acceptedSchema.safeParse({ accepted: 0.5, request_id: 'r' }).success).toBe(false);
  expect(modelInfoSchema.parse(info)).toEqual(info);
  expect(modelInfoSchema.safeParse({ ...info, inputs: [{ name: 'x', type: 'number', source: 'guess' }] }).success).toBe(false);
});
