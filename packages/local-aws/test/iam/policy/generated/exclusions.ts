import { isIPv4, isIPv6 } from 'node:net';
import type { Case, Document } from './cases';
import { ACCOUNT } from './targets';

type Statement = Readonly<Record<string, unknown>>;

const texts = (value: unknown): readonly string[] => [value ?? []].flat().map(String);

/** Whether a condition of a statement is of this kind, by its operator and one of its values. */
function anyCondition(statement: Statement, is: (operator: string, value: string, key: string) => boolean): boolean {
  const block = (statement.Condition ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  return Object.entries(block).some(([operator, keys]) =>
    Object.entries(keys).some(([key, values]) => texts(values).some((value) => is(operator, value, key.toLowerCase()))),
  );
}

function names(statement: Statement, element: 'Principal' | 'NotPrincipal'): readonly string[] {
  const value = statement[element];
  if (value === undefined || value === '*') return value === '*' ? ['*'] : [];
  return texts((value as { readonly AWS?: unknown }).AWS);
}

/** A kind of difference that is not held against ours, by the statements (or the session policy) that it comes of. */
export interface Kind {
  readonly reason: string;
  statement?(statement: Statement, one: Case, document: Document): boolean;
  session?(one: Case): boolean;
}

const VARIABLE = /\$\{aws:/;

const NAMED_SESSION = (one: Case): boolean =>
  one.resource?.Statement.some((statement) => names(statement, 'Principal').includes(one.who.arn)) ?? false;

function sparesInPart(statement: Statement, { who }: Case): boolean {
  const listed = names(statement, 'NotPrincipal');
  if (who.kind === 'service' || listed.includes('*')) return false;
  const account = listed.includes(ACCOUNT) || listed.includes(`arn:aws:iam::${ACCOUNT}:root`);
  const own = [who.arn, who.roleArn ?? who.arn].map((name) => listed.includes(name));
  return [account, ...own].includes(true) && [account, ...own].includes(false);
}

export const KINDS: Readonly<Record<string, Kind>> = {
  'NotPrincipal names the caller in part': {
    reason:
      'the guide wants session (or user), role and account all listed, else the caller may be denied; the other spares by any of them',
    statement: sparesInPart,
  },
  'NotIpAddress across families': {
    reason: 'an address of the other family is not the one given; the other lets such a condition fail',
    statement: (statement, { context }) =>
      anyCondition(statement, (operator, value) => {
        const given = String(context['aws:SourceIp'] ?? '');
        return /NotIpAddress/.test(operator) && ((isIPv4(value) && isIPv6(given)) || (isIPv6(value) && isIPv4(given)));
      }),
  },
  'all addresses': {
    reason: 'the other finds no address in 0.0.0.0/0',
    statement: (statement) => anyCondition(statement, (operator, value) => /IpAddress/.test(operator) && value === '0.0.0.0/0'),
  },
  'ARN operator with no ARN': {
    reason: 'the guide asks for six parts and does not say what fewer do; ours takes * as anything and the rest as no match',
    statement: (statement) =>
      anyCondition(
        statement,
        (operator, value) => /Arn/.test(operator) && !operator.startsWith('Null') && value.split(':').length < 6,
      ),
  },
  'wildcard in the type of a resource': {
    reason: 'the guide allows wildcards anywhere in a part between colons; the other compares the type (table/) as text',
    statement: (statement) =>
      [...texts(statement.Resource), ...texts(statement.NotResource)].some((pattern) => {
        const type = /^([^/:]*)[/:]/.exec(pattern.split(':').slice(5).join(':'))?.[1] ?? '';
        return /[*?]/.test(type);
      }),
  },
  'everybody, with a boundary': {
    reason: 'the guide says for a role named that its boundary limits it, and nothing of *; ours limits, the other does not',
    statement: (statement, { boundary }) =>
      boundary !== undefined && statement.Effect === 'Allow' && names(statement, 'Principal').includes('*'),
  },
  'session named, with a session policy': {
    reason: 'what a resource policy gives a session by its ARN no session policy limits (guide); the other limits it',
    session: NAMED_SESSION,
  },
  'negation with a variable': {
    reason: 'a variable without a value equals nothing; the guide does not say that its contrary fails too, as the other has it',
    statement: (statement) =>
      anyCondition(statement, (operator, value) => /Not/.test(operator) && VARIABLE.test(value)) ||
      texts(statement.NotResource).some((pattern) => VARIABLE.test(pattern)),
  },
  'variable in an old document': {
    reason: 'documents of version 2008-10-17 take ${..} as text (guide); the other replaces it',
    statement: (statement, _, { Version }) =>
      Version === '2008-10-17' &&
      (anyCondition(statement, (_operator, value) => VARIABLE.test(value)) || VARIABLE.test(texts(statement.Resource).join())),
  },
  'date as seconds': {
    reason: 'a date may be given in seconds since 1970 (guide); the other knows ISO 8601 only',
    statement: (statement) => anyCondition(statement, (operator, value) => /Date/.test(operator) && /^\d+$/.test(value)),
  },
};

/** The case without the statements that a kind is about: they are kept in their places, about something that nobody asks. */
export function without(kind: Kind, one: Case): Case {
  const clean = (document: Document): Document => ({
    ...document,
    Statement: document.Statement.map((statement) => {
      if (kind.statement?.(statement, one, document) !== true) return statement;
      const { NotAction: _, NotResource: excluded, Condition: __, ...rest } = statement;
      return {
        ...rest,
        Action: 'ec2:RunInstances',
        ...(statement.Resource === undefined && excluded === undefined ? {} : { Resource: '*' }),
      };
    }),
  });
  const { session, ...rest } = one;
  return {
    ...rest,
    identity: one.identity.map(clean),
    ...(one.boundary === undefined ? {} : { boundary: clean(one.boundary) }),
    ...(session === undefined || kind.session?.(one) === true ? {} : { session: clean(session) }),
    ...(one.resource === undefined ? {} : { resource: clean(one.resource) }),
  };
}

/** The kind that alone explains why the two differ about a case, or that several together do; undefined if they still differ without. */
export async function exclusion(one: Case, differs: (other: Case) => Promise<boolean>): Promise<string | undefined> {
  for (const [name, kind] of Object.entries(KINDS)) if (!(await differs(without(kind, one)))) return name;
  const cleaned = Object.values(KINDS).reduce((rest, kind) => without(kind, rest), one);
  return (await differs(cleaned)) ? undefined : 'several of these';
}
