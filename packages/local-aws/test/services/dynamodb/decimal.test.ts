import fc from 'fast-check';
import {
  addDecimals,
  compareDecimals,
  formatDecimal,
  parseDecimal,
  sortableDecimal,
} from '../../../src/services/dynamodb/decimal';

/** Decimals with up to nine digits on each side of the point, as text and as a scaled integer. */
const decimal = fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 9 })).map(([integer, places]) => ({
  text: `${integer}e-${places}`,
  scaled: BigInt(integer) * 10n ** BigInt(9 - places),
}));

test('order and sums are those of exact integers', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const [x, y] = [parseDecimal(a.text), parseDecimal(b.text)];
      const order = a.scaled < b.scaled ? -1 : a.scaled > b.scaled ? 1 : 0;
      expect(compareDecimals(x, y)).toBe(order);
      expect(compareDecimals(addDecimals(x, y), parseDecimal(`${a.scaled + b.scaled}e-9`))).toBe(0);
      expect(compareDecimals(addDecimals(x, y, true), parseDecimal(`${a.scaled - b.scaled}e-9`))).toBe(0);
      expect(parseDecimal(formatDecimal(x))).toEqual(x);
    }),
  );
});

test.each([
  ['1.500', '1.5'],
  ['-0.0', '0'],
  ['.5', '0.5'],
  ['1E3', '1000'],
  ['12e-4', '0.0012'],
])('%s is kept as %s', (given, kept) => {
  expect(formatDecimal(parseDecimal(given))).toBe(kept);
});

test.each([
  ['1e126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
  ['1e-131', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
  ['1'.repeat(39), 'Attempting to store more than 38 significant digits in a Number'],
  ['', 'The parameter cannot be converted to a numeric value: '],
])('%s is refused', (given, message) => {
  expect(() => parseDecimal(given)).toThrow(message);
});

test('the largest and smallest numbers sort at the ends', () => {
  const numbers = ['-9.9e125', '-1', '-1e-130', '0', '1e-130', '1', '9.9e125'];
  const keys = numbers.map((text) => sortableDecimal(parseDecimal(text)));

  expect([...keys].sort()).toEqual(keys);
});
