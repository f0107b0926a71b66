import { sameJson } from '../../../src/services/cloudformation/same';

test.each([
  [
    { a: 1, b: [{ c: 'x' }] },
    Object.assign(Object.create(null), { b: [Object.assign(Object.create(null), { c: 'x' })], a: 1 }),
    true,
  ],
  [{ a: undefined }, {}, true],
  [undefined, undefined, true],
  [undefined, null, false],
  [undefined, {}, false],
  ['1', 1, false],
  [['a', 'b'], ['b', 'a'], false],
  [{ a: [] }, { a: {} }, false],
])('%j and %j: %j', (left, right, same) => {
  expect(sameJson(left, right)).toBe(same);
});
