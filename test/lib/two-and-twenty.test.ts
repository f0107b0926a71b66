import { BOUNDS, count, number, type Platform, parsePlatform, WIDTHS } from '../../core/definition';
import { clonesOf } from '../support/clones';
import { platform } from '../support/example-platform';
import { exampleTemplates } from '../support/example-templates';
import { type Resource, STACKS, StageTemplates } from '../support/stage-templates';

/** Limits of AWS that lists of elements would run into (AWS-FACTS §10: CloudFormation, Lambda, EventBridge, IAM). */
const LIMITS = {
  resources: 500,
  outputs: 200,
  templateBytes: 1_000_000,
  references: 60,
  environment: 4096,
  pattern: 2048,
} as const;
const RESOURCE_POLICY_BYTES = 20_480;
/** What one Permission adds to a function's policy: statement id, ARNs and condition. */
const PERMISSION_BYTES = 450;
const INLINE_POLICIES_CHARS = 10_240;
/** Stand for what is known at deployment only: the longest of their kind, and 120 characters for any ARN. */
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-1',
  'AWS::AccountId': '123456789012',
  'AWS::URLSuffix': 'amazonaws.com.cn',
};
const UNKNOWN = 'x'.repeat(120);

/** The policy packs take five times as long as the synthesis; of twenty of everything they judge in `npm run test:long`. */
const JUDGED = Number(process.env.JUDGED_CLONES ?? 2);

/** A value of a template as it is sent to the service, with the longest texts for what is not known yet. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  if ('Fn::Join' in value) {
    const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.map(resolved).join(separator);
  }
  if ('Ref' in value) return PSEUDO[String(value.Ref)] ?? UNKNOWN;
  if (Object.keys(value).some((key) => key.startsWith('Fn::'))) return UNKNOWN;
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, resolved(it)]));
}

function resolvedLength(value: unknown): number {
  return JSON.stringify(resolved(value)).length;
}

function grouped(resources: readonly [string, Resource][], type: string, keyOf: (it: Resource) => unknown): Resource[][] {
  const groups = new Map<string, Resource[]>();
  for (const [, resource] of resources.filter(([, { Type }]) => Type === type)) {
    const key = JSON.stringify(keyOf(resource));
    groups.set(key, [...(groups.get(key) ?? []), resource]);
  }
  return [...groups.values()];
}

/** Every limit that a stage's templates run into. */
function excesses(templates: StageTemplates, stage: string): string[] {
  const found: string[] = [];
  const check = (what: string, given: number, most: number): void => {
    if (given > most) found.push(`${what}: ${given} > ${most}`);
  };
  for (const stack of STACKS) {
    const template = templates.template(stage, stack).toJSON();
    const text = JSON.stringify(template);
    const resources = templates.resources(stage, stack);
    check(`${stack} resources`, resources.length, LIMITS.resources);
    check(`${stack} outputs`, Object.keys(template.Outputs ?? {}).length, LIMITS.outputs);
    check(`${stack} bytes`, templates.bytes(stage, stack), LIMITS.templateBytes);
    check(`${stack} dynamic references`, text.match(/\{\{resolve:/g)?.length ?? 0, LIMITS.references);
    for (const [id, { Type, Properties }] of resources) {
      const { Environment, EventPattern } = Properties ?? {};
      if (Type === 'AWS::Lambda::Function') check(`${id} variables`, resolvedLength(Environment ?? {}), LIMITS.environment);
      if (Type === 'AWS::Events::Rule') check(`${id} pattern`, resolvedLength(EventPattern), LIMITS.pattern);
    }
    for (const permissions of grouped(resources, 'AWS::Lambda::Permission', ({ Properties }) => Properties.FunctionName))
      check(`${stack} permissions of a function`, permissions.length * PERMISSION_BYTES, RESOURCE_POLICY_BYTES);
    for (const policies of grouped(resources, 'AWS::IAM::Policy', ({ Properties }) => Properties.Roles)) {
      const length = policies.reduce((sum, { Properties }) => sum + resolvedLength(Properties.PolicyDocument), 0);
      check(`${stack} policies of ${JSON.stringify(policies[0]?.Properties.Roles)}`, length, INLINE_POLICIES_CHARS);
    }
  }
  return found;
}

/** Physical names that two resources of a stage share, by type. */
function sharedNames(templates: StageTemplates, stage: string): string[] {
  const seen = new Set<string>();
  return templates.all(stage).flatMap(([, { Type, Properties }]) => {
    const names = Object.entries(Properties ?? {}).filter(
      ([key, value]) => /Name$/.test(key) && typeof value === 'string' && Type.endsWith(key.replace(/Name$/, '')),
    );
    return names.flatMap(([, name]) => {
      const key = `${Type} ${String(name)}`;
      const again = seen.has(key);
      seen.add(key);
      return again ? [key] : [];
    });
  });
}

const one = exampleTemplates();

describe.each([1, 2, 20])('%p of every model, source, group and consumer', (count) => {
  let templates: StageTemplates;
  beforeAll(() => {
    templates = new StageTemplates(clonesOf(platform, count), { packs: count <= JUDGED });
  });

  test.each(platform.stages.map(({ name }) => name))('stay within every limit of AWS in %s', (stage) => {
    expect(excesses(templates, stage)).toEqual([]);
  });

  test('have names of their own', () => {
    expect(platform.stages.flatMap(({ name }) => sharedNames(templates, name))).toEqual([]);
  });

  test('add no variable, pattern, permission or export that grows with them', () => {
    const growing = (of: StageTemplates) =>
      Object.fromEntries(
        platform.stages.flatMap(({ name: stage }) =>
          STACKS.map((stack) => {
            const rules = of
              .resources(stage, stack)
              .filter(([, { Type }]) => Type === 'AWS::Events::Rule' || Type === 'AWS::Lambda::Permission');
            const variables = of
              .resources(stage, stack)
              .flatMap(([, it]) => (it.Type === 'AWS::Lambda::Function' ? [it.Properties.Environment] : []));
            const { Outputs = {} } = of.template(stage, stack).toJSON();
            return [
              `${stage} ${stack}`,
              { rules: JSON.stringify(rules.map(([, it]) => it.Properties)), variables, outputs: Object.keys(Outputs).length },
            ];
          }),
        ),
      );

    expect(growing(templates)).toEqual(growing(one));
  });
});

test('a platform at its bounds stays within every limit', () => {
  const templates = new StageTemplates(atBounds());

  expect(platform.stages.flatMap(({ name }) => excesses(templates, name))).toEqual([]);
});

test.each(BOUNDS.map(({ kind, most }) => [kind, most] as const))(
  'more than %p are refused when they are more than %p',
  (kind, most) => {
    const full = atBounds();
    const [first] = full[kind];
    const more = {
      ...full,
      [kind]: [...full[kind], { ...first, name: kind === 'sources' || kind === 'featureGroups' ? 'one_more' : 'one-more' }],
    };

    expect(() => parsePlatform(more)).toThrow(`${kind}: must be at most ${most}, given ${most + 1}: `);
  },
);

/** As many of each kind as are allowed. */
function atBounds(): Platform {
  const many = clonesOf(platform, 20);
  const most = (kind: (typeof BOUNDS)[number]['kind']): number => BOUNDS.find((it) => it.kind === kind)?.most ?? 0;
  const filled = <T extends { name: string }>(list: readonly T[], kind: (typeof BOUNDS)[number]['kind'], join = '_'): T[] => {
    const [first] = list;
    if (first === undefined) throw new Error(`no ${kind}`);
    const extra = Array.from({ length: Math.max(0, most(kind) - list.length) }, (_, at) => ({
      ...first,
      name: `extra${join}${at}`,
    }));
    return [...list, ...extra].slice(0, most(kind));
  };
  const issuers = Array.from({ length: most('issuers') - 1 }, (_, at) => ({
    name: `company-${at}`,
    kind: 'oidc' as const,
    issuer: `https://login-${at}.a-company-with-a-long-name.example.com/oauth2/default`,
    jwksUri: `https://login-${at}.a-company-with-a-long-name.example.com/oauth2/default/v1/keys`,
    audiences: ['https://predictions.a-company-with-a-long-name.example.com'],
    algorithms: ['RS256' as const, 'ES256' as const],
  }));
  return parsePlatform({
    ...many,
    sources: withColumns(filled(many.sources, 'sources')),
    featureGroups: withFeatures(filled(many.featureGroups, 'featureGroups')),
    models: filled(many.models, 'models', '-'),
    issuers: [...many.issuers, ...issuers],
    consumers: filled(many.consumers, 'consumers', '-'),
  });
}

/** Names as long as they may be, as many as are missing to a width. */
function missing(parts: string, given: number): string[] {
  const most = WIDTHS.find((it) => it.parts === parts)?.most ?? 0;
  return Array.from({ length: most - given }, (_, at) => `${parts}_${at}_`.padEnd(48, 'x'));
}

/** The sources with as many columns in all as are allowed, each described as long as is allowed. */
function withColumns([first, ...rest]: Platform['sources']): Platform['sources'] {
  if (first === undefined) return [];
  const given = [first, ...rest].reduce((sum, { schema }) => sum + Object.keys(schema).length, 0);
  const column = number({ description: 'x'.repeat(255), unit: 'u'.repeat(24) });
  const more = Object.fromEntries(missing('columns', given).map((name) => [name, column]));
  return [{ ...first, schema: { ...first.schema, ...more } }, ...rest];
}

function withFeatures([first, ...rest]: Platform['featureGroups']): Platform['featureGroups'] {
  if (first === undefined) return [];
  const given = [first, ...rest].reduce((sum, { aggregations }) => sum + Object.keys(aggregations).length, 0);
  const more = Object.fromEntries(missing('features', given).map((name) => [name, count().over('1h')]));
  return [{ ...first, aggregations: { ...first.aggregations, ...more } }, ...rest];
}
