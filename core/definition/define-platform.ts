import * as z from 'zod';
import { DEFAULT_ISSUERS, issuerSchema } from '../issuers';
import { checkReferences } from './checks';
import { consumerSchema } from './consumer';
import { type FeatureGroup, featureGroupSchema } from './feature-group';
import { modelSchema } from './model';
import { type Platform, platformSchema } from './platform';
import { DefinitionError, problemsOf } from './problem';
import { sourceSchema } from './source';
import { stageSchema } from './stage';

/**
 * Checks a platform's definitions, each by its schema and all against each other.
 *
 * @throws DefinitionError with every problem and its path
 */
export function definePlatform(input: z.input<typeof platformSchema>): Platform {
  return parsePlatform({ ...input, featureGroups: input.featureGroups.map(withoutTypedMembers) });
}

/** The same for untyped data, e.g. a serialized platform. */
export function parsePlatform(input: unknown): Platform {
  const parsed = platformSchema.safeParse(input);
  const shape = parsed.success ? [] : problemsOf(parsed.error.issues, input);
  const problems = [...shape, ...checkReferences(wellFormedPart(input), declaredNames(input))];
  if (!parsed.success || problems.length > 0) throw new DefinitionError(problems);
  return parsed.data;
}

const listsSchema = z.object({
  name: z.string().catch(''),
  sources: z.array(z.unknown()).catch([]),
  featureGroups: z.array(z.unknown()).catch([]),
  models: z.array(z.unknown()).catch([]),
  issuers: z.array(z.unknown()).catch(DEFAULT_ISSUERS),
  consumers: z.array(z.unknown()).catch([]),
  stages: z.array(z.unknown()).catch([]),
});

const anythingSchema = listsSchema.catch({
  name: '',
  sources: [],
  featureGroups: [],
  models: [],
  issuers: [],
  consumers: [],
  stages: [],
});
const namedSchema = z.object({ name: z.string() });

/** The elements that pass their own schema: relations among them are checked even when others are malformed. */
function wellFormedPart(input: unknown): Platform {
  const lists = anythingSchema.parse(input);
  return {
    name: lists.name,
    sources: passing(sourceSchema, lists.sources),
    featureGroups: passing(featureGroupSchema, lists.featureGroups),
    models: passing(modelSchema, lists.models),
    issuers: passing(issuerSchema, lists.issuers),
    consumers: passing(consumerSchema, lists.consumers),
    stages: passing(stageSchema, lists.stages),
  };
}

/** Names of malformed elements too, so that a reference to one is not called unknown as well. */
function declaredNames(input: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const lists = listsSchema.safeParse(input);
  for (const [kind, elements] of Object.entries(lists.data ?? {})) {
    if (!Array.isArray(elements)) continue;
    for (const element of elements) {
      const named = namedSchema.safeParse(element);
      if (named.success) names.add(`${kind}.${named.data.name}`);
    }
  }
  return names;
}

function passing<S extends z.ZodType>(schema: S, elements: readonly unknown[]): z.output<S>[] {
  return elements.flatMap((element) => {
    const parsed = schema.safeParse(element);
    return parsed.success ? [parsed.data] : [];
  });
}

function withoutTypedMembers(group: FeatureGroup): FeatureGroup {
  if (!('features' in group)) return group;
  const { features: _, ...data } = group;
  return data;
}
