import { validationError } from '../../../errors';
import { type Item, normalized, type Value } from '../values';
import type { ExpressionKind, Lexer } from './lexer';
import { RESERVED_WORDS } from './reserved-words';

/** A way into an item: attribute name, then map keys and list indexes. */
export type Path = readonly (string | number)[];

export interface ExpressionInput {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

/** The `#names` and `:values` of one request; every one must be used by some expression of it. */
export class Placeholders {
  private readonly names: Readonly<Record<string, string>>;
  private readonly values: Item;
  private readonly used = new Set<string>();

  constructor(input: ExpressionInput) {
    this.names = input.ExpressionAttributeNames ?? {};
    this.values = input.ExpressionAttributeValues ?? {};
  }

  value(lexer: Lexer, text: string): Value {
    const value = this.values[text];
    if (value === undefined)
      throw lexer.invalid(`An expression attribute value used in expression is not defined; attribute value: ${text}`);
    this.used.add(text);
    return normalized(value);
  }

  /** Reads a document path: `a.#b[0].c`. */
  path(lexer: Lexer): Path {
    const path: (string | number)[] = [this.name(lexer)];
    for (;;) {
      if (lexer.take('.')) path.push(this.name(lexer));
      else if (lexer.take('[')) {
        const token = lexer.next();
        if (token.kind !== 'index') throw lexer.syntaxError(token);
        path.push(Number(token.text));
        lexer.expect(']');
      } else return path;
    }
  }

  /** Fails if the request gives names or values that none of its expressions uses. */
  checkUsed(given: readonly (ExpressionKind | undefined)[]): void {
    const none = given.every((expression) => expression === undefined);
    for (const [what, all] of [
      ['ExpressionAttributeNames', Object.keys(this.names)],
      ['ExpressionAttributeValues', Object.keys(this.values)],
    ] as const) {
      if (all.length > 0 && none) throw validationError(`${what} can only be specified when using expressions`);
      const unused = all.filter((key) => !this.used.has(key));
      if (unused.length > 0)
        throw validationError(`Value provided in ${what} unused in expressions: keys: {${unused.join(', ')}}`);
    }
  }

  private name(lexer: Lexer): string {
    const token = lexer.next();
    if (token.kind === 'word') {
      if (RESERVED_WORDS.has(token.text.toUpperCase()))
        throw lexer.invalid(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
      return token.text;
    }
    if (token.kind !== 'name') throw lexer.syntaxError(token);
    const name = this.names[token.text];
    if (name === undefined)
      throw lexer.invalid(`An expression attribute name used in the document path is not defined; attribute name: ${token.text}`);
    this.used.add(token.text);
    return name;
  }
}

/** The value at a path of an item. */
export function valueAt(item: Item, path: Path): Value | undefined {
  let value: Value | undefined = item[String(path[0])];
  for (const step of path.slice(1)) value = typeof step === 'number' ? value?.L?.[step] : value?.M?.[step];
  return value;
}
