import { present, ratio, sum } from '../../../../core/drift/statistics/shares';

test('a part of nothing is 0', () => {
  expect([ratio(1, 4), ratio(0, 0), ratio(3, 0)]).toEqual([0.25, 0, 0]);
});

test('sums and present values', () => {
  expect([sum([1, 2, 3]), sum([]), present({ n: 5, missing: 2 })]).toEqual([6, 0, 3]);
});
