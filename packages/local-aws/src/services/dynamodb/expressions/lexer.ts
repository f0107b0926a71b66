import { validationError } from '../../../errors';

/** Kinds of expressions, as the parameters of requests are called. */
export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

export interface Token {
  readonly kind: 'word' | 'name' | 'value' | 'index' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

const TOKEN = /\s*(?:(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([A-Za-z_][A-Za-z0-9_]*)|(\d+)|(<>|<=|>=|[=<>(),.[\]+-]))/y;
const MAX_LENGTH = 4096;

/** The tokens of an expression, read one after another. */
export class Lexer {
  private readonly tokens: Token[] = [];
  private position = 0;

  constructor(
    private readonly kind: ExpressionKind,
    private readonly text: string,
  ) {
    if (text.trim() === '') throw validationError(`Invalid ${kind}: The expression can not be empty;`);
    if (Buffer.byteLength(text) > MAX_LENGTH)
      throw validationError(
        `Invalid ${kind}: Expression size has exceeded the maximum allowed size; expression size: ${text.length}`,
      );
    TOKEN.lastIndex = 0;
    for (let end = 0; end < text.trimEnd().length; end = TOKEN.lastIndex) {
      TOKEN.lastIndex = end;
      const match = TOKEN.exec(text);
      if (match === null) throw this.syntaxError({ kind: 'symbol', text: text.slice(end).trim().slice(0, 1), at: end });
      this.tokens.push(tokenOf(match, end));
    }
  }

  peek(ahead = 0): Token {
    return this.tokens[this.position + ahead] ?? { kind: 'end', text: '<EOF>', at: this.text.length };
  }

  next(): Token {
    const token = this.peek();
    this.position += 1;
    return token;
  }

  /** Whether the next token is this symbol or keyword (in any case). */
  is(text: string): boolean {
    const token = this.peek();
    return (token.kind === 'symbol' || token.kind === 'word') && token.text.toUpperCase() === text;
  }

  /** Takes the symbol or keyword if it is next. */
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.position += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.syntaxError(this.peek());
  }

  end(): void {
    if (this.peek().kind !== 'end') throw this.syntaxError(this.peek());
  }

  invalid(problem: string): Error {
    return validationError(`Invalid ${this.kind}: ${problem}`);
  }

  syntaxError(token: Token): Error {
    const near = this.text.slice(Math.max(0, token.at - 10), token.at + token.text.length + 10).trim();
    return this.invalid(`Syntax error; token: "${token.text}", near: "${near}"`);
  }
}

function tokenOf(match: RegExpExecArray, at: number): Token {
  const [, name, value, word, index, symbol] = match;
  if (name !== undefined) return { kind: 'name', text: name, at };
  if (value !== undefined) return { kind: 'value', text: value, at };
  if (word !== undefined) return { kind: 'word', text: word, at };
  if (index !== undefined) return { kind: 'index', text: index, at };
  return { kind: 'symbol', text: symbol ?? '', at };
}
