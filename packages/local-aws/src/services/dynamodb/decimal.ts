import { validationError } from '../../errors';

/** A DynamoDB number: `sign * 0.digits * 10^exponent`, digits without leading and trailing zeros; zero has none. */
export interface Decimal {
  readonly sign: -1 | 0 | 1;
  readonly digits: string;
  readonly exponent: number;
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const MAX_DIGITS = 38;
const MAX_EXPONENT = 126;
const MIN_EXPONENT = -129;
const EXPONENT_SHIFT = 500;
const ZERO: Decimal = { sign: 0, digits: '', exponent: 0 };

function normalize(negative: boolean, digits: string, exponent: number): Decimal {
  const leading = /^0*/.exec(digits)?.[0].length ?? 0;
  const kept = digits.slice(leading).replace(/0+$/, '');
  if (kept === '') return ZERO;
  const scale = exponent - leading;
  if (kept.length > MAX_DIGITS) throw validationError('Attempting to store more than 38 significant digits in a Number');
  if (scale > MAX_EXPONENT)
    throw validationError('Number overflow. Attempting to store a number with magnitude larger than supported range');
  if (scale < MIN_EXPONENT)
    throw validationError('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  return { sign: negative ? -1 : 1, digits: kept, exponent: scale };
}

export function parseDecimal(text: string): Decimal {
  const match = NUMBER.exec(text);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (match === null || whole + fraction === '')
    throw validationError(`The parameter cannot be converted to a numeric value: ${text}`);
  return normalize(sign === '-', whole + fraction, whole.length + Number(exponent));
}

export function formatDecimal({ sign, digits, exponent }: Decimal): string {
  if (sign === 0) return '0';
  const minus = sign < 0 ? '-' : '';
  if (exponent <= 0) return `${minus}0.${'0'.repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return minus + digits + '0'.repeat(exponent - digits.length);
  return `${minus}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

/** Text whose order is the order of the numbers. */
export function sortableDecimal({ sign, digits, exponent }: Decimal): string {
  if (sign === 0) return '1';
  const scale = exponent + EXPONENT_SHIFT;
  if (sign > 0) return `2${String(scale).padStart(3, '0')}${digits}`;
  const complement = [...digits].map((digit) => 9 - Number(digit)).join('');
  return `0${String(999 - scale).padStart(3, '0')}${complement}~`;
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  const left = sortableDecimal(a);
  const right = sortableDecimal(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function addDecimals(a: Decimal, b: Decimal, subtract = false): Decimal {
  const low = Math.min(a.exponent - a.digits.length, b.exponent - b.digits.length);
  const scaled = ({ sign, digits, exponent }: Decimal): bigint =>
    sign === 0 ? 0n : BigInt(sign) * BigInt(digits) * 10n ** BigInt(exponent - digits.length - low);
  const sum = subtract ? scaled(a) - scaled(b) : scaled(a) + scaled(b);
  const digits = String(sum < 0n ? -sum : sum);
  return normalize(sum < 0n, digits, digits.length + low);
}
