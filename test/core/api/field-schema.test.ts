import { fieldBodySchema, fieldsBodySchema } from '../../../core/api';
import { category, type Field, integer, number, string, timestamp } from '../../../core/definition';

const takes = (field: Field, ...values: readonly unknown[]) =>
  values.map((value) => fieldBodySchema(field).safeParse(value).success);

test.each<[string, Field, readonly unknown[], readonly unknown[]]>([
  ['a text', string({ maxLength: 3 }), ['a', 'abc'], ['', 'abcd', 7, null]],
  ['a category of a closed list', category({ values: ['UA', 'B6'], unknown: 'reject' }), ['UA', 'B6'], ['ZZ', '', null]],
  [
    'a category that may be unknown',
    category({ values: ['UA'], unknown: 'missing' }),
    ['UA', 'ZZ', 'x'.repeat(64)],
    ['', 'x'.repeat(65), 7],
  ],
  ['a category of an open list', category(), ['UA', 'x'.repeat(64)], ['', 'x'.repeat(65), 7]],
  [
    'an instant',
    timestamp(),
    ['2013-01-01T10:00:00.000Z', '2012-02-29T23:59:59.999Z'],
    ['2013-01-01T10:00:00Z', '2013-01-01T10:00:00.000+01:00', '2013-02-29T10:00:00.000Z', '2013-01-01', 1356998400000],
  ],
  ['a number between bounds', number({ min: -1.5, max: 2.5 }), [-1.5, 0.25, 2.5], [-1.6, 2.6, '1', Number.NaN]],
  ['a number without bounds', number(), [-1e300, 1e300], ['1', Number.POSITIVE_INFINITY]],
  ['a number with a lower bound', number({ min: 0 }), [0, 1e300], [-0.1]],
  ['a number with an upper bound', number({ max: 0 }), [0, -1e300], [0.1]],
  ['a whole number between bounds', integer({ min: 1, max: 3 }), [1, 3], [0, 4, 1.5, '1']],
])('%s is taken as it is declared', (_, field, good, bad) => {
  expect(takes(field, ...good)).toEqual(good.map(() => true));
  expect(takes(field, ...bad)).toEqual(bad.map(() => false));
});

test('a nullable field may be null or left out, another may not', () => {
  expect(takes(number({ nullable: true }), 1, null, undefined)).toEqual([true, true, true]);
  expect(takes(number(), 1, null, undefined)).toEqual([true, false, false]);
});

test.each<[Field, string | undefined]>([
  [number({ description: 'At the inlet', unit: 'bar' }), 'At the inlet (bar)'],
  [number({ description: 'At the inlet' }), 'At the inlet'],
  [number({ unit: 'bar' }), '(bar)'],
  [number(), undefined],
])('%j is described as %j', (field, text) => {
  expect(fieldBodySchema(field).description).toBe(text);
});

test('an object of fields has no other keys', () => {
  const schema = fieldsBodySchema({ heat: number(), name: string({ nullable: true }) });

  expect(schema.safeParse({ heat: 1 }).success).toBe(true);
  expect(schema.safeParse({ heat: 1, name: 'a' }).success).toBe(true);
  expect(schema.safeParse({ heat: 1, cold: 2 }).success).toBe(false);
  expect(schema.safeParse({ name: 'a' }).success).toBe(false);
});
