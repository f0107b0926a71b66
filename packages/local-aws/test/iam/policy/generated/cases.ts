import { createHash } from 'node:crypto';
import { type Condition, condition } from './conditions';
import { Random } from './random';
import { ACCOUNT, CALLERS, GLOBAL_KEYS, MULTIVALUED, principalNames, TARGETS, type Target, VALUES, type Who } from './targets';

export interface Document {
  readonly Version: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/** A request and the policies that apply to it. */
export interface Case {
  readonly who: Who;
  readonly target: Target;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  readonly identity: readonly Document[];
  readonly boundary?: Document;
  readonly session?: Document;
  readonly resource?: Document;
}

type Role = 'identity' | 'limit' | 'resource';

/** A text with something of it replaced by wildcards, so that it may still cover the text. */
function blurred(random: Random, text: string): string {
  const start = random.below(text.length);
  const length = 1 + random.below(4);
  return random.weighted([
    [3, () => `${text.slice(0, start)}*`],
    [2, () => `${text.slice(0, start)}*${text.slice(start + length)}`],
    [2, () => `${text.slice(0, start)}?${text.slice(start + 1)}`],
    [1, () => `${text}*`],
    [1, () => `${text}?`],
  ])();
}

function actionPattern(random: Random, { action }: Target): string {
  const service = action.slice(0, action.indexOf(':') + 1);
  return random.weighted([
    [5, () => action],
    [3, () => `${service}${blurred(random, action.slice(service.length))}`],
    [1, () => `${service}*`],
    [1, () => '*'],
    [1, () => action.toLowerCase()],
    [2.5, () => random.pick(TARGETS).action],
  ])();
}

function blurredArn(random: Random, arn: string): string {
  const parts = arn.split(':');
  if (parts.length < 6) return arn;
  const [head, rest] = [parts.slice(0, 5), parts.slice(5).join(':')];
  if (random.chance(0.4)) return [...head, blurred(random, rest)].join(':');
  // Region and account, which templates leave open.
  return [...head.slice(0, 3), ...head.slice(3).map((part) => (random.chance(0.6) ? '*' : part)), rest].join(':');
}

function resourcePattern(random: Random, { resource }: Target): string {
  return random.weighted([
    [4, () => resource],
    [3, () => blurredArn(random, resource)],
    [2, () => '*'],
    [
      1,
      () =>
        resource.replace(/raw|entities|flights/, random.pick(['${aws:PrincipalTag/team}', "${aws:PrincipalTag/team, 'raw'}"])),
    ],
    [0.3, () => resource.replace(/\$/, '${$}')],
    [2, () => random.pick(TARGETS).resource],
  ])();
}

function list(random: Random, one: () => string): string | string[] {
  const values = Array.from(
    {
      length: random.weighted([
        [7, 1],
        [2, 2],
        [1, 3],
      ]),
    },
    one,
  );
  return values.length === 1 ? (values[0] ?? '') : values;
}

function principal(random: Random, who: Who): Record<string, unknown> | '*' {
  if (random.chance(0.1)) return '*';
  const byType: Record<string, string[]> = {};
  for (
    let left = random.weighted([
      [5, 1],
      [2, 2],
      [2, 3],
    ]);
    left > 0;
    left -= 1
  ) {
    const [type, name] = random.weighted(principalNames(who).map(([weight, ...rest]) => [weight, rest] as const));
    byType[type] = [...(byType[type] ?? []), name];
  }
  return byType;
}

function statement(random: Random, role: Role, who: Who, target: Target): Record<string, unknown> {
  const keys = [...GLOBAL_KEYS, ...target.keys, ...target.keys, ...target.keys];
  const effect = random.chance(role === 'limit' ? 0.1 : 0.14) ? 'Deny' : 'Allow';
  const conditions: Condition | undefined = random.chance(0.45) ? condition(random, keys, MULTIVALUED) : undefined;
  const trust = target.action === 'sts:AssumeRole' && role === 'resource';
  return {
    Effect: effect,
    // Only a deny may name whom it spares.
    ...(role === 'resource'
      ? { [effect === 'Deny' && random.chance(0.4) ? 'NotPrincipal' : 'Principal']: principal(random, who) }
      : {}),
    [random.chance(0.08) ? 'NotAction' : 'Action']: list(random, () => actionPattern(random, target)),
    ...(trust ? {} : { [random.chance(0.08) ? 'NotResource' : 'Resource']: list(random, () => resourcePattern(random, target)) }),
    ...(conditions === undefined ? {} : { Condition: conditions }),
  };
}

function document(random: Random, role: Role, who: Who, target: Target): Document {
  const count = random.weighted([
    [4, 1],
    [3, 2],
    [2, 3],
  ]);
  return {
    Version: random.chance(0.92) ? '2012-10-17' : '2008-10-17',
    Statement: Array.from({ length: count }, () => statement(random, role, who, target)),
  };
}

function contextOf(random: Random, who: Who, target: Target): Case['context'] {
  const context: Record<string, string | readonly string[]> = {};
  for (const key of [...GLOBAL_KEYS, ...target.keys, ...(who.kind === 'user' ? ['aws:username'] : [])]) {
    if (!random.chance(0.7)) continue;
    const values = VALUES[key] ?? [];
    context[key] = MULTIVALUED.has(key) ? [...new Set(random.some(values, 2))] : random.pick(values);
  }
  return context;
}

function one(random: Random): Case {
  const who = random.weighted(CALLERS);
  const target = random.pick(TARGETS);
  const write = (role: Role): Document => document(random, role, who, target);
  const people = who.kind !== 'service';
  return {
    who,
    target,
    context: contextOf(random, who, target),
    identity: people ? Array.from({ length: random.below(3) }, () => write('identity')) : [],
    ...(people && random.chance(0.25) ? { boundary: write('limit') } : {}),
    ...(who.kind === 'assumed-role' && random.chance(0.25) ? { session: write('limit') } : {}),
    ...(target.policy === 'must' || (target.policy === 'may' && random.chance(0.6)) ? { resource: write('resource') } : {}),
  };
}

/** The cases of a seed; the same ones whenever asked. */
export function casesOf(seed: number, count: number): readonly Case[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => one(random));
}

/** Tells whether cases are still those that verdicts were recorded of. */
export function fingerprint(cases: readonly Case[]): string {
  return createHash('sha256').update(JSON.stringify(cases)).digest('hex');
}

export { ACCOUNT };
