import { nonEmpty } from '../../core/non-empty';

test('a list with elements is returned, an empty one refused', () => {
  expect(nonEmpty([1, 2])).toEqual([1, 2]);
  expect(() => nonEmpty([])).toThrow('the list is empty');
});
