import { validationError } from '../../../errors';
import type { Value } from '../values';
import type { Lexer } from './lexer';
import type { Placeholders } from './placeholders';

export interface SortCondition {
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'between' | 'begins_with';
  readonly value: Value;
  /** Upper bound of `between`. */
  readonly high?: Value;
}

export interface KeyCondition {
  readonly partition: Value;
  readonly sort?: SortCondition;
}

interface Clause extends SortCondition {
  readonly name: string;
}

const OPERATORS = new Set(['=', '<', '<=', '>', '>=']);

function value(lexer: Lexer, placeholders: Placeholders): Value {
  const token = lexer.next();
  if (token.kind !== 'value') throw lexer.syntaxError(token);
  return placeholders.value(lexer, token.text);
}

function clause(lexer: Lexer, placeholders: Placeholders): Clause {
  if (lexer.take('(')) {
    const inner = clause(lexer, placeholders);
    lexer.expect(')');
    return inner;
  }
  if (lexer.is('BEGINS_WITH') && lexer.peek(1).text === '(') {
    lexer.next();
    lexer.expect('(');
    const name = String(placeholders.path(lexer)[0]);
    lexer.expect(',');
    const prefix = value(lexer, placeholders);
    lexer.expect(')');
    return { name, operator: 'begins_with', value: prefix };
  }
  const name = String(placeholders.path(lexer)[0]);
  if (lexer.take('BETWEEN')) {
    const low = value(lexer, placeholders);
    lexer.expect('AND');
    return { name, operator: 'between', value: low, high: value(lexer, placeholders) };
  }
  const token = lexer.next();
  if (!OPERATORS.has(token.text)) throw lexer.invalid(`Invalid operator used in KeyConditionExpression: ${token.text}`);
  return { name, operator: token.text as SortCondition['operator'], value: value(lexer, placeholders) };
}

/** Reads a key condition: the partition key equals, and optionally one condition on the sort key. */
export function parseKeyCondition(
  lexer: Lexer,
  placeholders: Placeholders,
  partitionKey: string,
  sortKey: string | undefined,
): KeyCondition {
  const clauses = [clause(lexer, placeholders)];
  while (lexer.take('AND')) clauses.push(clause(lexer, placeholders));
  lexer.end();
  const partition = clauses.find(({ name }) => name === partitionKey);
  if (partition === undefined) throw validationError(`Query condition missed key schema element: ${partitionKey}`);
  if (partition.operator !== '=') throw validationError('Query key condition not supported');
  const others = clauses.filter((other) => other !== partition);
  const [sort] = others;
  if (sort === undefined) return { partition: partition.value };
  if (others.length > 1) throw validationError('Conditions can be of length 1 or 2 only');
  if (sort.name !== sortKey) throw validationError(`Query condition missed key schema element: ${sortKey ?? partitionKey}`);
  return { partition: partition.value, sort };
}
