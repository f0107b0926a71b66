import { isDeepStrictEqual } from 'node:util';
import type { Json } from './template';

function plain(value: Json): Json {
  return JSON.parse(JSON.stringify(value));
}

/**
 * Whether two values are the same JSON, whatever the order of their keys. What the store decoded and what a template was parsed to differ
 * in their prototypes, which a strict comparison would take for a change.
 */
export function sameJson(left: Json, right: Json): boolean {
  if (left === undefined || right === undefined) return left === right;
  return isDeepStrictEqual(plain(left), plain(right));
}
