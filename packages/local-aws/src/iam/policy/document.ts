/** Condition block of a statement: operator -> condition key -> values, as written. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Principals by type (`AWS`, `Service`, `Federated`, `CanonicalUser`); `*` alone is `{ AWS: ['*'] }` in effect and kept as `any`. */
export interface Principals {
  readonly any: boolean;
  readonly byType: Readonly<Record<string, readonly string[]>>;
}

/** What a statement applies to: the elements named, or with `not` everything but them. */
export interface Selection {
  readonly not: boolean;
  readonly patterns: readonly string[];
}

export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly action: Selection;
  /** Absent in trust policies. */
  readonly resource?: Selection;
  readonly principal?: { readonly not: boolean; readonly principals: Principals };
  readonly conditions: ConditionBlock;
}

export interface Policy {
  /** Variables are replaced in documents of version 2012-10-17 only. */
  readonly variables: boolean;
  readonly statements: readonly Statement[];
}

/** A policy document that cannot be understood; the message says which element and why. */
export class MalformedPolicy extends Error {}

const ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
]);
const VERSIONS = new Set(['2012-10-17', '2008-10-17']);

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function texts(value: unknown, element: string): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0 || !list.every((item) => typeof item === 'string'))
    throw new MalformedPolicy(`${element} must be a string or a list of strings.`);
  return list as string[];
}

function selection(statement: Json, name: string): Selection | undefined {
  const given = statement[name];
  const excluded = statement[`Not${name}`];
  if (given !== undefined && excluded !== undefined) throw new MalformedPolicy(`Statement has both ${name} and Not${name}.`);
  if (given !== undefined) return { not: false, patterns: texts(given, name) };
  if (excluded !== undefined) return { not: true, patterns: texts(excluded, `Not${name}`) };
  return undefined;
}

function principalsOf(value: unknown, element: string): Principals {
  if (value === '*') return { any: true, byType: {} };
  if (!isObject(value)) throw new MalformedPolicy(`${element} must be "*" or an object.`);
  const byType = Object.fromEntries(
    Object.entries(value).map(([type, names]) => [type, texts(names, `${element}.${type}`)] as const),
  );
  return { any: byType.AWS?.includes('*') ?? false, byType };
}

function principal(statement: Json): Statement['principal'] {
  if (statement.Principal !== undefined) return { not: false, principals: principalsOf(statement.Principal, 'Principal') };
  if (statement.NotPrincipal !== undefined)
    return { not: true, principals: principalsOf(statement.NotPrincipal, 'NotPrincipal') };
  return undefined;
}

function conditionsOf(value: unknown): ConditionBlock {
  if (value === undefined) return {};
  if (!isObject(value)) throw new MalformedPolicy('Condition must be an object.');
  const block: Record<string, Record<string, readonly string[]>> = {};
  for (const [operator, keys] of Object.entries(value)) {
    if (!isObject(keys)) throw new MalformedPolicy(`Condition ${operator} must be an object.`);
    block[operator] = Object.fromEntries(
      Object.entries(keys).map(([key, values]) => {
        const list = Array.isArray(values) ? values : [values];
        if (!list.every((item) => ['string', 'number', 'boolean'].includes(typeof item)))
          throw new MalformedPolicy(`Condition value of ${key} must be a string, number or Boolean.`);
        return [key, list.map(String)] as const;
      }),
    );
  }
  return block;
}

function statementOf(value: unknown): Statement {
  if (!isObject(value)) throw new MalformedPolicy('A statement must be an object.');
  const unknown = Object.keys(value).find((key) => !ELEMENTS.has(key));
  if (unknown !== undefined) throw new MalformedPolicy(`Statement has the unknown element ${unknown}.`);
  if (value.Effect !== 'Allow' && value.Effect !== 'Deny') throw new MalformedPolicy('Effect must be Allow or Deny.');
  const action = selection(value, 'Action');
  if (action === undefined) throw new MalformedPolicy('Statement is missing required element Action.');
  const resource = selection(value, 'Resource');
  const whom = principal(value);
  return {
    ...(typeof value.Sid === 'string' ? { sid: value.Sid } : {}),
    effect: value.Effect,
    action: { ...action, patterns: action.patterns.map((pattern) => pattern.toLowerCase()) },
    ...(resource === undefined ? {} : { resource }),
    ...(whom === undefined ? {} : { principal: whom }),
    conditions: conditionsOf(value.Condition),
  };
}

/** Reads a policy document. Throws `MalformedPolicy`. */
export function parsePolicy(text: string): Policy {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new MalformedPolicy('Syntax errors in policy.');
  }
  if (!isObject(document) || document.Statement === undefined) throw new MalformedPolicy('Syntax errors in policy.');
  const version = document.Version ?? '2008-10-17';
  if (!VERSIONS.has(String(version))) throw new MalformedPolicy('Syntax errors in policy.');
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  return { variables: version === '2012-10-17', statements: statements.map(statementOf) };
}
