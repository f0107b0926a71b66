import type { ByteMatchStatement, FieldToMatch, SizeConstraintStatement, Statement } from '@aws-sdk/client-wafv2';
import { AwsError } from '../../errors';
import type { InspectedRequest } from './inspection';
import { RateCounter } from './rate-counter';

/** Whether a request matches a statement at an instant (epoch ms). */
export type Matcher = (request: InspectedRequest, now: number) => boolean;

const MIN_LIMIT = 10;
const MAX_LIMIT = 2_000_000_000;
const WINDOWS = [60, 120, 300, 600];

export function invalid(message: string): AwsError {
  return new AwsError('WAFInvalidParameterException', `Error reason: ${message}`, { status: 400 });
}

function textOf(field: FieldToMatch | undefined, request: InspectedRequest): string {
  if (field?.UriPath !== undefined) return request.path;
  if (field?.QueryString !== undefined) return request.rawQuery;
  if (field?.Method !== undefined) return request.message.method ?? 'GET';
  const value = request.message.headers[(field?.SingleHeader?.Name ?? '').toLowerCase()];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}

function checkField(field: FieldToMatch | undefined, allowed: readonly string[]): void {
  const [name, ...more] = Object.keys(field ?? {});
  if (name === undefined || more.length > 0 || !allowed.includes(name))
    throw invalid(`the local AWS matches one of the fields ${allowed.join(', ')}; given ${Object.keys(field ?? {}).join(', ')}`);
}

const COMPARE: Readonly<Record<string, (value: number, size: number) => boolean>> = {
  EQ: (value, size) => value === size,
  NE: (value, size) => value !== size,
  LE: (value, size) => value <= size,
  LT: (value, size) => value < size,
  GE: (value, size) => value >= size,
  GT: (value, size) => value > size,
};

function sizeMatcher(statement: SizeConstraintStatement): Matcher {
  const { FieldToMatch: field, ComparisonOperator: operator = 'GT', Size: size = 0 } = statement;
  checkField(field, ['Body', 'UriPath', 'QueryString', 'SingleHeader', 'Method']);
  const compare = COMPARE[operator];
  if (compare === undefined) throw invalid(`unknown comparison operator ${operator}`);
  if (field?.Body !== undefined) return (request) => compare(request.bodyLength, size);
  return (request) => compare(Buffer.byteLength(textOf(field, request)), size);
}

function byteMatcher(statement: ByteMatchStatement): Matcher {
  const { FieldToMatch: field, PositionalConstraint: position = 'CONTAINS', SearchString } = statement;
  checkField(field, ['UriPath', 'QueryString', 'SingleHeader', 'Method']);
  const wanted = Buffer.from(SearchString ?? []).toString();
  const lower = (statement.TextTransformations ?? []).some(({ Type }) => Type === 'LOWERCASE');
  const other = (statement.TextTransformations ?? []).find(({ Type }) => Type !== 'NONE' && Type !== 'LOWERCASE');
  if (other !== undefined) throw invalid(`the local AWS does not do the text transformation ${other.Type}`);
  const tests: Readonly<Record<string, (text: string) => boolean>> = {
    EXACTLY: (text) => text === wanted,
    STARTS_WITH: (text) => text.startsWith(wanted),
    ENDS_WITH: (text) => text.endsWith(wanted),
    CONTAINS: (text) => text.includes(wanted),
  };
  const test = tests[position];
  if (test === undefined) throw invalid(`the local AWS does not support the positional constraint ${position}`);
  return (request) => {
    const text = textOf(field, request);
    return test(lower ? text.toLowerCase() : text);
  };
}

function rateMatcher(statement: NonNullable<Statement['RateBasedStatement']>): Matcher {
  const { Limit: limit = 0, AggregateKeyType: kind, EvaluationWindowSec: window = 300, ForwardedIPConfig: forwarded } = statement;
  if (limit < MIN_LIMIT || limit > MAX_LIMIT)
    throw invalid(`RateBasedStatement Limit must be ${MIN_LIMIT} to ${MAX_LIMIT}; given ${limit}`);
  if (!WINDOWS.includes(window)) throw invalid(`EvaluationWindowSec must be one of ${WINDOWS.join(', ')}; given ${window}`);
  if (kind !== 'IP' && kind !== 'FORWARDED_IP' && kind !== 'CONSTANT')
    throw invalid(`the local AWS counts by IP, FORWARDED_IP or CONSTANT; given ${kind}`);
  if (kind === 'CONSTANT' && statement.ScopeDownStatement === undefined)
    throw invalid('a RateBasedStatement of key type CONSTANT needs a ScopeDownStatement');
  const counter = new RateCounter(window);
  const scope = statement.ScopeDownStatement === undefined ? undefined : compileStatement(statement.ScopeDownStatement);
  const header = (forwarded?.HeaderName ?? 'X-Forwarded-For').toLowerCase();
  const keyOf = (request: InspectedRequest): string | undefined => {
    if (kind === 'CONSTANT') return '';
    if (kind === 'IP') return request.sourceIp;
    return (
      String(request.message.headers[header] ?? '')
        .split(',')[0]
        ?.trim() || undefined
    );
  };
  return (request, now) => {
    if (scope?.(request, now) === false) return false;
    const key = keyOf(request);
    if (key === undefined) return forwarded?.FallbackBehavior === 'MATCH';
    return counter.add(key, now) > limit;
  };
}

function all(statements: readonly Statement[] | undefined): Matcher[] {
  if (statements === undefined || statements.length < 2) throw invalid('AND and OR statements need two statements or more');
  return statements.map(compileStatement);
}

/** Compiles a rule's statement. Throws `WAFInvalidParameterException` on what the local AWS cannot evaluate. */
export function compileStatement(statement: Statement): Matcher {
  if (statement.RateBasedStatement !== undefined) return rateMatcher(statement.RateBasedStatement);
  if (statement.SizeConstraintStatement !== undefined) return sizeMatcher(statement.SizeConstraintStatement);
  if (statement.ByteMatchStatement !== undefined) return byteMatcher(statement.ByteMatchStatement);
  // AWS does not publish what its managed rules match: they are kept and match nothing here.
  if (statement.ManagedRuleGroupStatement !== undefined) return () => false;
  if (statement.AndStatement !== undefined) {
    const parts = all(statement.AndStatement.Statements);
    return (request, now) => parts.every((matches) => matches(request, now));
  }
  if (statement.OrStatement !== undefined) {
    const parts = all(statement.OrStatement.Statements);
    return (request, now) => parts.some((matches) => matches(request, now));
  }
  const negated = statement.NotStatement?.Statement;
  if (negated !== undefined) {
    const matches = compileStatement(negated);
    return (request, now) => !matches(request, now);
  }
  throw invalid(`the local AWS does not evaluate ${Object.keys(statement).join(', ')}`);
}
