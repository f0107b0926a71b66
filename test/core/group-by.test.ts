import { groupBy } from '../../core/group-by';

test('items keep their order in groups that keep the order of their first item', () => {
  expect([...groupBy([3, 1, 4, 1, 5, 9, 2, 6], (value) => value % 2 === 0)]).toEqual([
    [false, [3, 1, 1, 5, 9]],
    [true, [4, 2, 6]],
  ]);
});
