import type { Platform } from './platform';
import type { Problem } from './problem';

/** How many elements a platform may have, and what AWS's limit is that ends there. */
interface Bound {
  readonly kind: 'sources' | 'featureGroups' | 'models' | 'consumers' | 'issuers';
  readonly most: number;
  readonly reason: string;
}

/**
 * Bounds of one stage. Whatever else would grow with the elements (variables of functions, policies, event patterns, exports) names them
 * by rule. test/lib/two-and-twenty.test.ts synthesizes a platform at these bounds.
 */
export const BOUNDS: readonly Bound[] = [
  { kind: 'sources', most: 60, reason: 'a stack holds 500 resources, and the data stack has six a source' },
  { kind: 'featureGroups', most: 100, reason: 'an account has 100 feature groups, unless more were asked for' },
  { kind: 'models', most: 30, reason: 'a template holds 60 dynamic references, and an endpoint resolves its champion by two' },
  { kind: 'consumers', most: 50, reason: 'a stack holds 500 resources, and the application stack has five a consumer' },
  {
    kind: 'issuers',
    most: 5,
    reason: 'the variables of a function hold 4 KB, and the authorizer reads the rules of every issuer there',
  },
];

export function checkCounts(platform: Platform): Problem[] {
  return BOUNDS.flatMap(({ kind, most, reason }) => {
    const given = platform[kind].length;
    return given <= most ? [] : [{ path: kind, message: `must be at most ${most}, given ${given}: ${reason}` }];
  });
}
