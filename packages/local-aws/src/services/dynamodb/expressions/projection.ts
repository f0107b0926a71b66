import type { Item, Value } from '../values';
import type { Lexer } from './lexer';
import { overlap } from './paths';
import type { Path, Placeholders } from './placeholders';

export type Projection = (item: Item) => Item;

/** Keeps what lies at `paths`: maps keep their shape, lists close up. */
export function projection(paths: readonly Path[]): Projection {
  return (item) => pick({ M: item }, paths)?.M ?? {};
}

export function parseProjection(lexer: Lexer, placeholders: Placeholders): Projection {
  const paths = [placeholders.path(lexer)];
  while (lexer.take(',')) paths.push(placeholders.path(lexer));
  lexer.end();
  const clash = overlap(paths);
  if (clash !== undefined) throw lexer.invalid(clash);
  return projection(paths);
}

function pick(value: Value | undefined, paths: readonly Path[]): Value | undefined {
  if (value === undefined || paths.some((path) => path.length === 0)) return value;
  const heads = new Map<string | number, Path[]>();
  for (const [head, ...rest] of paths) if (head !== undefined) heads.set(head, [...(heads.get(head) ?? []), rest]);
  const entries = [...heads].flatMap(([head, rest]) => {
    const child = typeof head === 'number' ? value.L?.[head] : value.M?.[head];
    const kept = pick(child, rest);
    return kept === undefined ? [] : [[head, kept] as const];
  });
  if (entries.length === 0) return undefined;
  if (value.L !== undefined) return { L: entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, kept]) => kept) };
  return { M: Object.fromEntries(entries) };
}
