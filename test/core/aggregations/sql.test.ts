import { double } from '../../../core/aggregations';

// Without an exponent Trino and DuckDB read a decimal, of which a sum or a quotient is one again.
test.each([
  [15, '15E0'],
  [-0.5, '-0.5E0'],
  [1e21, '1e+21'],
  [1e-7, '1e-7'],
])('%d is written as the double %s', (value, text) => {
  expect(double(value)).toBe(text);
  expect(Number(text)).toBe(value);
});
