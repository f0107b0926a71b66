import { names } from '../naming';
import type { Platform } from './platform';
import type { Problem } from './problem';

/** How many of a kind a platform may have, and what AWS's limit is that ends there. */
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

/** How much the elements of a kind may hold in all. */
interface Width {
  readonly kind: 'sources' | 'featureGroups';
  /** What is counted. */
  readonly parts: string;
  readonly most: number;
  readonly count: (platform: Platform) => number;
  readonly reason: string;
}

const TEMPLATE = 'a template holds 1 MB, and the data stack names each of them';

/** Bounds of what the elements hold, each of any width. */
export const WIDTHS: readonly Width[] = [
  {
    kind: 'sources',
    parts: 'columns',
    most: 1200,
    count: ({ sources }) => sources.reduce((sum, { schema }) => sum + Object.keys(schema).length, 0),
    reason: TEMPLATE,
  },
  {
    kind: 'featureGroups',
    parts: 'features',
    most: 1000,
    count: ({ featureGroups }) => featureGroups.reduce((sum, { aggregations }) => sum + Object.keys(aggregations).length, 0),
    reason: TEMPLATE,
  },
];

/** Longest name that SageMaker takes for a feature group, and Firehose for a delivery stream. */
const LONGEST_NAME = 64;

/** Whether a platform stays within the bounds. */
export function checkCounts(platform: Platform): Problem[] {
  const counts = BOUNDS.map(({ kind, most, reason }) => ({ kind, most, reason, given: platform[kind].length, what: '' }));
  const widths = WIDTHS.map(({ kind, most, reason, count, parts }) => ({
    kind,
    most,
    reason,
    given: count(platform),
    what: ` ${parts} in all`,
  }));
  return [...counts, ...widths]
    .filter(({ given, most }) => given > most)
    .map(({ kind, most, reason, given, what }) => ({
      path: kind,
      message: `must be at most ${most}${what}, given ${given}: ${reason}`,
    }));
}

/** Whether the physical names of sources and feature groups, which the longest name of a stage leads, are taken by their services. */
export function checkNames({ sources, featureGroups, stages }: Platform): Problem[] {
  const [longest] = stages.map(({ name }) => name).toSorted((a, b) => b.length - a.length);
  if (longest === undefined) return [];
  const { delivery, featureGroup } = names(longest);
  const all = [
    ...sources.map(({ name }) => ({ path: `sources.${name}.name`, physical: delivery(name) })),
    ...featureGroups.map(({ name }) => ({ path: `featureGroups.${name}.name`, physical: featureGroup(name) })),
  ];
  return all
    .filter(({ physical }) => physical.length > LONGEST_NAME)
    .map(({ path, physical }) => ({
      path,
      message: `must be ${physical.length - LONGEST_NAME} shorter: its resource '${physical}' may have ${LONGEST_NAME} characters`,
    }));
}
