import { defineHistory, historySchema } from '../../../core/definition';

const history = { loader: 'examples/x/load.py', from: '2013-01-01', startAt: '2013-04-01T00:00:00.000Z', until: '2014-01-01' };

test('a history names its loader and its days', () => {
  expect(defineHistory(history)).toBe(history);
  expect(historySchema.parse(history)).toEqual(history);
});

test.each([
  { ...history, loader: 'load.sh' },
  { ...history, loader: 'load.pyc' },
  { ...history, loader: 'a b/load.py' },
  { ...history, from: '2013-02-30' },
  { ...history, startAt: '2013-04-01' },
  { ...history, startAt: '2013-04-01T00:00:00Z' },
  { ...history, until: undefined },
  { ...history, loop: true },
])('%j is no history', (given) => {
  expect(historySchema.safeParse(given).success).toBe(false);
});
