import * as z from 'zod';
import {
  eventsRequestSchema,
  outcomesRequestSchema,
  predictionRequestSchema,
  readBody,
  requestFeatures,
} from '../../../core/api';
import { departures, platform } from '../../support/example-platform';

const JSON_TYPE = 'application/json';
const model = platform.models[0] ?? fail();

function fail(): never {
  throw new Error('the example has no model');
}

const instance = {
  flight_id: 'f1',
  carrier: 'UA',
  origin: 'JFK',
  dest: 'LAX',
  distance: 2475,
  scheduled_hour: 9,
  scheduled_weekday: 1,
  tailnum: null,
};

function read(instances: readonly unknown[]) {
  return readBody(predictionRequestSchema(model), JSON.stringify({ instances }), JSON_TYPE);
}

test('a complete instance is read', () => {
  expect(read([instance])).toEqual({ ok: true, value: { instances: [instance] } });
});

test('every violation is listed with its pointer', () => {
  const result = read([
    { ...instance, origin: 'SFO', distance: -1, 'a/b': 1 },
    { ...instance, scheduled_hour: 9.5, carrier: undefined },
  ]);

  expect(result).toMatchObject({ ok: false, code: 'schema_violation', detail: '5 violations' });
  expect(result.ok ? [] : result.violations.map((it) => it.pointer).toSorted()).toEqual([
    '/instances/0/a~1b',
    '/instances/0/distance',
    '/instances/0/origin',
    '/instances/1/carrier',
    '/instances/1/scheduled_hour',
  ]);
});

test.each([
  ['nothing', []],
  ['too many', new Array(101).fill(instance)],
])('%s to predict is refused', (_, instances) => {
  expect(read(instances)).toMatchObject({ ok: false, violations: [{ pointer: '/instances' }] });
});

test.each([
  ['{"instances":[1e400]}', JSON_TYPE, 'invalid_json'],
  ['{', JSON_TYPE, 'invalid_json'],
  [null, JSON_TYPE, 'invalid_json'],
  ['{}', 'text/plain', 'unsupported_media_type'],
  ['{}', undefined, 'unsupported_media_type'],
  ['{}', 'application/json; charset=latin1', 'unsupported_media_type'],
  ['[]', 'application/json; charset=utf-8', 'schema_violation'],
  [`"${'x'.repeat(1_048_576)}"`, JSON_TYPE, 'body_too_large'],
])('body %.20s of type %s is %s', (text, type, code) => {
  expect(readBody(outcomesRequestSchema(), text, type)).toMatchObject({ ok: false, code });
});

test('an outcome names a prediction, a number and an instant', () => {
  const good = { prediction_id: 'flight-delay.01ARZ3NDEKTSV4RRFFQ69G5FAV', value: 12, occurred_at: '2013-01-01T10:00:00.000Z' };

  expect(readBody(outcomesRequestSchema(), JSON.stringify({ outcomes: [good] }), JSON_TYPE).ok).toBe(true);
  const bad = { prediction_id: 'x', value: '12', occurred_at: '2013-01-01' };
  expect(readBody(outcomesRequestSchema(), JSON.stringify({ outcomes: [bad] }), JSON_TYPE)).toMatchObject({
    detail: '3 violations',
  });
});

test('an event follows the schema of its source, nulls only where declared', () => {
  const event = {
    ...{
      event_id: 'e',
      flight_id: 'f',
      carrier: 'UA',
      origin: 'JFK',
      dest: 'LAX',
      tailnum: null,
      distance: 1,
      scheduled_hour: 1,
      scheduled_weekday: 1,
    },
    ...{ scheduled_at: '2013-01-01T10:00:00.000Z', departed_at: '2013-01-01T10:02:00.000Z', dep_delay: 2 },
  };
  const schema = eventsRequestSchema(departures);

  expect(readBody(schema, JSON.stringify({ events: [event] }), JSON_TYPE).ok).toBe(true);
  expect(readBody(schema, JSON.stringify({ events: [{ ...event, dep_delay: null }] }), JSON_TYPE)).toMatchObject({
    violations: [{ pointer: '/events/0/dep_delay' }],
  });
});

test('a category outside a closed list that may be missing becomes null', () => {
  const open = {
    ...model,
    request: {
      ...model.request,
      carrier: { type: 'category' as const, values: ['UA'], unknown: 'missing' as const, nullable: false },
    },
  };

  expect(requestFeatures(open, { ...instance, carrier: 'ZZ' })).toEqual({
    carrier: null,
    origin: 'JFK',
    dest: 'LAX',
    distance: 2475,
    scheduled_hour: 9,
    scheduled_weekday: 1,
  });
});

test('what lies further ahead than clocks may differ is refused with its pointer; a little skew is not', () => {
  const now = Date.parse('2013-04-01T00:00:00.000Z');
  const outcome = (minutes: number) => ({
    prediction_id: `flight-delay.${'0'.repeat(26)}`,
    value: 1,
    occurred_at: new Date(now + minutes * 60_000).toISOString(),
  });
  const body = JSON.stringify({ outcomes: [outcome(5), outcome(6), outcome(-600), outcome(1e6)] });

  const read = readBody(
    outcomesRequestSchema(() => now),
    body,
    JSON_TYPE,
  );

  expect(read.ok ? [] : read.violations.map(({ pointer }) => pointer)).toEqual([
    '/outcomes/1/occurred_at',
    '/outcomes/3/occurred_at',
  ]);
});

test('very many violations are cut off, and their number told', () => {
  const body = JSON.stringify({
    outcomes: [Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`${'k'.repeat(500)}${at}`, 1]))],
  });

  const read = readBody(outcomesRequestSchema(), body, JSON_TYPE);

  if (read.ok) throw new Error('was accepted');
  expect(read.detail).toMatch(/^2003 violations, the first \d+ are listed$/);
  expect(JSON.stringify(read.violations).length).toBeLessThan(500_000);
});

const ANYTHING = z.unknown();

test.each(['application/json', 'Application/JSON', 'application/json;charset=utf-8', 'application/json ;  charset="UTF-8" '])(
  '%j is a type of JSON',
  (type) => {
    expect(readBody(ANYTHING, '{}', type)).toEqual({ ok: true, value: {} });
  },
);

test.each([
  'x-application/json',
  'application/jsonx',
  'application/json; charset=utf-8x',
  'application/json; charset="utf-8',
  'application/json; charset=utf-16',
  'application/json; boundary=x',
  '',
])('%j is none', (type) => {
  expect(readBody(ANYTHING, '{}', type)).toMatchObject({ code: 'unsupported_media_type', violations: [] });
});

test('a body has at most 1,048,576 bytes, not letters', () => {
  const body = (bytes: number): string => JSON.stringify('x'.repeat(bytes - 2));

  expect(readBody(ANYTHING, body(1_048_576), JSON_TYPE).ok).toBe(true);
  expect(readBody(ANYTHING, body(1_048_577), JSON_TYPE)).toMatchObject({
    code: 'body_too_large',
    detail: 'at most 1048576 bytes',
    violations: [],
  });
  expect(readBody(ANYTHING, JSON.stringify('é'.repeat(600_000)), JSON_TYPE)).toMatchObject({ code: 'body_too_large' });
});

test.each([null, undefined, ''])('no body (%j) is no JSON', (text) => {
  expect(readBody(ANYTHING, text, JSON_TYPE)).toMatchObject({
    code: 'invalid_json',
    violations: [{ pointer: '', code: 'syntax' }],
  });
});

test('what is no JSON is told once, with its place', () => {
  const read = readBody(ANYTHING, '{"a":{"b":1,"b":2}}', JSON_TYPE);

  expect(read).toMatchObject({ code: 'invalid_json', violations: [{ pointer: '/a', code: 'duplicate-key' }] });
  if (read.ok) throw new Error('was accepted');
  expect(read.detail).toBe(read.violations[0]?.message);
});

test('a violation has a pointer, a code and a message that begins small', () => {
  const schema = z.strictObject({ heat: z.number('Must be a Number'), list: z.array(z.int()) });

  expect(readBody(schema, '{"heat":"x","list":[1],"more":1}', JSON_TYPE)).toEqual({
    ok: false,
    code: 'schema_violation',
    detail: '2 violations',
    violations: [
      { pointer: '/heat', code: 'invalid_type', message: 'must be a Number' },
      { pointer: '/more', code: 'unknown_key', message: 'is not a known key' },
    ],
  });
  expect(readBody(schema, '{"heat":1,"list":[0.5]}', JSON_TYPE)).toMatchObject({
    detail: '1 violation',
    violations: [{ pointer: '/list/0' }],
  });
});

test('a thousand violations are all listed, of more the first thousand', () => {
  const of = (count: number) => readBody(z.array(z.number()), JSON.stringify(new Array(count).fill('x')), JSON_TYPE);
  const listed = (count: number) => {
    const read = of(count);
    return read.ok ? undefined : [read.detail, read.code, read.violations.length, read.violations.at(-1)?.pointer];
  };

  expect(listed(1000)).toEqual(['1000 violations', 'schema_violation', 1000, '/999']);
  expect(listed(1001)).toEqual(['1001 violations, the first 1000 are listed', 'schema_violation', 1000, '/999']);
});

test('a pointer of more than 256 letters is cut', () => {
  const pointerTo = (length: number) => {
    const read = readBody(z.strictObject({}), JSON.stringify({ ['k'.repeat(length - 1)]: 1 }), JSON_TYPE);
    return read.ok ? undefined : read.violations[0]?.pointer;
  };

  expect(pointerTo(256)).toBe(`/${'k'.repeat(255)}`);
  expect(pointerTo(257)).toBe(`/${'k'.repeat(255)}…`);
});
