import { randomBytes } from 'node:crypto';
import { invalidArgument } from './store';

const EXPRESSION = /!\{([\w-]+):([^}]*)\}/g;
const DEFAULT_PATH = 'yyyy/MM/dd/HH/';

export type ErrorOutputType = 'format-conversion-failed' | 'processing-failed';

/** An instant by a pattern of Java's DateTimeFormatter, UTC. Throws for letters that the local AWS does not know. */
export function formatInstant(at: number, pattern: string): string {
  const text = new Date(at).toISOString();
  const parts: Readonly<Record<string, string>> = {
    yyyy: text.slice(0, 4),
    YYYY: text.slice(0, 4),
    MM: text.slice(5, 7),
    dd: text.slice(8, 10),
    HH: text.slice(11, 13),
    mm: text.slice(14, 16),
    ss: text.slice(17, 19),
    SSS: text.slice(20, 23),
  };
  return pattern.replaceAll(/'([^']*)'|([A-Za-z])\2*/g, (run: string, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted === '' ? "'" : quoted;
    const part = parts[run];
    if (part === undefined) throw invalidArgument(`The local AWS does not know '${run}' in the timestamp pattern '${pattern}'`);
    return part;
  });
}

function evaluate(prefix: string, at: number, errorType: ErrorOutputType | undefined): string {
  return prefix.replaceAll(EXPRESSION, (expression: string, namespace: string, value: string) => {
    if (namespace === 'timestamp') return formatInstant(at, value);
    if (namespace === 'firehose' && value === 'random-string') return randomBytes(9).toString('base64url').slice(0, 11);
    if (namespace === 'firehose' && value === 'error-output-type' && errorType !== undefined) return errorType;
    throw invalidArgument(`The local AWS does not know the expression ${expression} in a prefix`);
  });
}

/** Prefix of delivered objects; without an expression Firehose adds the hour. `at`: arrival of the oldest record. */
export function objectPrefix(prefix: string | undefined, at: number): string {
  const given = prefix ?? '';
  return given.includes('!{') ? evaluate(given, at, undefined) : `${given}${formatInstant(at, DEFAULT_PATH)}`;
}

/** Prefix of objects that hold failed records. */
export function errorPrefix(prefix: string | undefined, at: number, type: ErrorOutputType): string {
  if (prefix === undefined) return `${type}/${formatInstant(at, DEFAULT_PATH)}`;
  return prefix.includes('!{') ? evaluate(prefix, at, type) : `${prefix}${type}/${formatInstant(at, DEFAULT_PATH)}`;
}

/** Refuses prefixes that could not be evaluated later. */
export function checkPrefixes(prefix: string | undefined, errorOutput: string | undefined): void {
  objectPrefix(prefix, 0);
  errorPrefix(errorOutput, 0, 'processing-failed');
  const hasExpression = prefix?.includes('!{') === true || errorOutput?.includes('!{') === true;
  if (hasExpression && errorOutput === undefined)
    throw invalidArgument('ErrorOutputPrefix cannot be null or empty when Prefix contains expressions.');
  if (hasExpression && errorOutput?.includes('!{firehose:error-output-type}') !== true)
    throw invalidArgument(
      'ErrorOutputPrefix must contain an instance of !{firehose:error-output-type} if it or Prefix contains expressions.',
    );
}
