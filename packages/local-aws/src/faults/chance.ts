import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on nothing but its arguments: the same seed hits the same calls and entries. */
export function chance(seed: number, call: number, entry: number): number {
  return createHash('sha256').update(`${seed}/${call}/${entry}`).digest().readUInt32BE(0) / 2 ** 32;
}
