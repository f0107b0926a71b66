import type { Tried } from './trials';

export interface MutationScore {
  readonly changes: number;
  /** Changes that a test failed by, or did not end by. Code that no test reaches counts against the area. */
  readonly noticed: number;
  readonly percent: number;
}

/** An area without a change has all of them noticed. */
export function scoreOf(tried: readonly Tried[]): MutationScore {
  const noticed = tried.filter(({ outcome }) => outcome === 'killed' || outcome === 'timeout').length;
  return { changes: tried.length, noticed, percent: tried.length === 0 ? 100 : (100 * noticed) / tried.length };
}

/** A line for each change that no test noticed: where, what stood there, and what took its place. */
export function survivorLines(tried: readonly Tried[]): string[] {
  return tried.flatMap(({ outcome, file, start, mutator, before, after }) => {
    if (outcome === 'killed' || outcome === 'timeout') return [];
    const reached = outcome === 'unreached' ? '  (no test passes here)' : '';
    return [`${file}:${start.line}:${start.column}  ${mutator}  ${short(before)} -> ${short(after)}${reached}`];
  });
}

function short(text: string): string {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > 70 ? `${flat.slice(0, 67)}...` : flat;
}
