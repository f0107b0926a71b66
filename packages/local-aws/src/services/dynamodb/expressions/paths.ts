import type { Path } from './placeholders';

function text(path: Path): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}

/** AWS's complaint about two paths of which one lies within the other, or which need different types at one place. */
export function overlap(paths: readonly Path[]): string | undefined {
  for (const [index, one] of paths.entries()) {
    for (const two of paths.slice(index + 1)) {
      const at = one.findIndex((step, place) => step !== two[place]);
      const shared = at < 0 ? one.length : at;
      if (shared === one.length || shared === two.length)
        return `Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${text(one)}, path two: ${text(two)}`;
      if (typeof one[shared] !== typeof two[shared])
        return `Two document paths conflict with each other; must remove or rewrite one of these paths; path one: ${text(one)}, path two: ${text(two)}`;
    }
  }
  return undefined;
}
