import { type Aggregation, age, aggregationSchema, count, last, max, mean, min, share, sum } from '../../../core/aggregations';

test.each<[string, Aggregation, object]>([
  ['count', count().over('1h'), { kind: 'count', window: '1h' }],
  ['mean', mean('heat').over('5m'), { kind: 'mean', column: 'heat', window: '5m' }],
  ['share', share('heat', { above: 15 }).over('2h'), { kind: 'share', column: 'heat', above: 15, window: '2h' }],
  ['max', max('heat').over('1d'), { kind: 'max', column: 'heat', window: '1d' }],
  ['min', min('heat').over('1h'), { kind: 'min', column: 'heat', window: '1h' }],
  ['sum', sum('heat').over('1h'), { kind: 'sum', column: 'heat', window: '1h' }],
  ['last', last('heat').over('1h'), { kind: 'last', column: 'heat', window: '1h' }],
  ['age', age(), { kind: 'age' }],
])('what is written as %s is the data of a definition', (_, written, data) => {
  expect(written).toEqual(data);
  expect(aggregationSchema.parse(written)).toEqual(data);
});

test('a feature may be described, and is not when nothing is said', () => {
  expect(mean('heat').over('1h', 'how hot')).toEqual({ kind: 'mean', column: 'heat', window: '1h', description: 'how hot' });
  expect(age('how old')).toEqual({ kind: 'age', description: 'how old' });
  expect(Object.keys(age())).toEqual(['kind']);
  expect(Object.keys(count().over('1h')).toSorted()).toEqual(['kind', 'window']);
});

test.each<[string, object, boolean]>([
  ['a description of 255 letters', { kind: 'age', description: 'x'.repeat(255) }, true],
  ['a longer one', { kind: 'age', description: 'x'.repeat(256) }, false],
  ['a description that is no text', { kind: 'count', window: '1h', description: 7 }, false],
  ['a window that is no duration', { kind: 'count', window: 'an hour' }, false],
  ['no column', { kind: 'mean', window: '1h' }, false],
  ['a word that its kind does not know', { kind: 'count', window: '1h', column: 'heat' }, false],
  ['a share without a threshold', { kind: 'share', column: 'heat', window: '1h' }, false],
  ['another kind', { kind: 'median', column: 'heat', window: '1h' }, false],
])('in a definition, %s', (_, given, accepted) => {
  expect(aggregationSchema.safeParse(given).success).toBe(accepted);
});
