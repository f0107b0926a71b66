import { AwsError } from '../../../errors';

/** A metric math expression as a tree. */
export type Node =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'id'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'negate'; readonly operand: Node }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Node; readonly right: Node }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] };

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|("[^"]*"|'[^']*')|([A-Za-z_]\w*)|(==|!=|<=|>=|&&|\|\||[-+*/^%()[\],<>]))/y;
const MAX_LENGTH = 2048;
/** Binary operators by rising precedence. */
const LEVELS: readonly (readonly string[])[] = [
  ['OR', '||'],
  ['AND', '&&'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];

type Token = { readonly kind: 'number' | 'text' | 'word' | 'symbol'; readonly text: string };

function invalid(expression: string, reason: string): AwsError {
  return new AwsError('ValidationException', `Error in expression '${expression}': ${reason}`);
}

function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  const kinds = ['number', 'text', 'word', 'symbol'] as const;
  const text = expression.trimEnd();
  for (let at = 0; at < text.length; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw invalid(expression, `Unexpected character at ${at}`);
    const index = match.slice(1).findIndex((part) => part !== undefined);
    tokens.push({ kind: kinds[index] ?? 'symbol', text: match[index + 1] ?? '' });
    at = TOKEN.lastIndex;
  }
  return tokens;
}

class Parser {
  private at = 0;

  constructor(
    private readonly expression: string,
    private readonly tokens: readonly Token[],
  ) {}

  parse(): Node {
    const node = this.binary(0);
    if (this.at < this.tokens.length) throw invalid(this.expression, `Unexpected '${this.tokens[this.at]?.text}'`);
    return node;
  }

  private binary(level: number): Node {
    const operators = LEVELS[level];
    if (operators === undefined) return this.power();
    let left = this.binary(level + 1);
    for (let operator = this.take(operators); operator !== undefined; operator = this.take(operators))
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    return left;
  }

  private power(): Node {
    if (this.take(['-']) !== undefined) return { kind: 'negate', operand: this.power() };
    const base = this.primary();
    return this.take(['^']) === undefined ? base : { kind: 'binary', operator: '^', left: base, right: this.power() };
  }

  private primary(): Node {
    const token = this.tokens[this.at];
    this.at += 1;
    if (token?.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token?.kind === 'text') return { kind: 'text', value: token.text.slice(1, -1) };
    if (token?.kind === 'word')
      return this.take(['(']) === undefined
        ? { kind: 'id', name: token.text }
        : { kind: 'call', name: token.text.toUpperCase(), args: this.items(')') };
    if (token?.text === '[') return { kind: 'list', items: this.items(']') };
    if (token?.text === '(') {
      const inner = this.binary(0);
      this.expect(')');
      return inner;
    }
    throw invalid(this.expression, `Unexpected ${token === undefined ? 'end' : `'${token.text}'`}`);
  }

  private items(close: string): Node[] {
    const items: Node[] = [];
    while (this.take([close]) === undefined) {
      if (items.length > 0) this.expect(',');
      items.push(this.binary(0));
    }
    return items;
  }

  private take(texts: readonly string[]): string | undefined {
    const text = this.tokens[this.at]?.text;
    if (text === undefined || !texts.includes(text)) return undefined;
    this.at += 1;
    return text;
  }

  private expect(text: string): void {
    if (this.take([text]) === undefined) throw invalid(this.expression, `'${text}' is expected`);
  }
}

/** Parses a metric math expression. Throws CloudWatch's ValidationError. */
export function parseExpression(expression: string): Node {
  if (expression.length > MAX_LENGTH) throw invalid(expression, `it has more than ${MAX_LENGTH} characters`);
  return new Parser(expression, tokenize(expression)).parse();
}
