import { bytesKey, compare, equal, type Item, typeOf, type Value, type ValueType } from '../values';
import type { Lexer } from './lexer';
import { type Path, type Placeholders, valueAt } from './placeholders';

export type Condition = (item: Item) => boolean;

/** The value of an operand for an item; undefined where the item has none. */
type Operand = (item: Item) => Value | undefined;

const COMPARATORS: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};
const MAX_IN = 100;

function sizeOf(value: Value): number | undefined {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return value.B.length;
  if (value.M !== undefined) return Object.keys(value.M).length;
  return (value.SS ?? value.NS ?? value.BS ?? value.L)?.length;
}

function contains(container: Value, part: Value): boolean {
  if (container.S !== undefined) return part.S !== undefined && container.S.includes(part.S);
  if (container.B !== undefined) return part.B !== undefined && bytesKey(container.B).includes(bytesKey(part.B));
  if (container.L !== undefined) return container.L.some((element) => equal(element, part));
  if (container.SS !== undefined) return part.S !== undefined && container.SS.includes(part.S);
  if (container.NS !== undefined) return container.NS.some((N) => equal({ N }, part));
  return container.BS?.some((B) => equal({ B }, part)) ?? false;
}

function beginsWith(value: Value, prefix: Value): boolean {
  if (value.S !== undefined && prefix.S !== undefined) return value.S.startsWith(prefix.S);
  return value.B !== undefined && prefix.B !== undefined && bytesKey(value.B).startsWith(bytesKey(prefix.B));
}

/** Reads conditions: OR over AND over NOT over comparisons, functions and parentheses. */
export class ConditionParser {
  constructor(
    private readonly lexer: Lexer,
    private readonly placeholders: Placeholders,
  ) {}

  parse(): Condition {
    const condition = this.or();
    this.lexer.end();
    return condition;
  }

  private or(): Condition {
    let left = this.and();
    while (this.lexer.take('OR')) {
      const [a, b] = [left, this.and()];
      left = (item) => a(item) || b(item);
    }
    return left;
  }

  private and(): Condition {
    let left = this.not();
    while (this.lexer.take('AND')) {
      const [a, b] = [left, this.not()];
      left = (item) => a(item) && b(item);
    }
    return left;
  }

  private not(): Condition {
    if (this.lexer.take('NOT')) {
      const inner = this.not();
      return (item) => !inner(item);
    }
    if (this.lexer.take('(')) {
      const inner = this.or();
      this.lexer.expect(')');
      return inner;
    }
    const isCall = this.lexer.peek().kind === 'word' && this.lexer.peek(1).text === '(' && !this.lexer.is('SIZE');
    return isCall ? this.call() : this.comparison();
  }

  private comparison(): Condition {
    const left = this.operand();
    if (this.lexer.take('BETWEEN')) return this.between(left);
    if (this.lexer.take('IN')) return this.among(left);
    const token = this.lexer.next();
    const right = this.operand();
    if (token.text === '=') return (item) => both(left(item), right(item), equal);
    if (token.text === '<>') return (item) => !both(left(item), right(item), equal);
    const test = COMPARATORS[token.text];
    if (test === undefined) throw this.lexer.syntaxError(token);
    return (item) => both(left(item), right(item), (a, b) => ordered(a, b, test));
  }

  private between(operand: Operand): Condition {
    const low = this.operand();
    this.lexer.expect('AND');
    const high = this.operand();
    return (item) =>
      both(operand(item), low(item), (a, b) => ordered(a, b, (order) => order >= 0)) &&
      both(operand(item), high(item), (a, b) => ordered(a, b, (order) => order <= 0));
  }

  private among(operand: Operand): Condition {
    this.lexer.expect('(');
    const options = [this.operand()];
    while (this.lexer.take(',')) options.push(this.operand());
    this.lexer.expect(')');
    if (options.length > MAX_IN)
      throw this.lexer.invalid(`Too many operands provided for the IN comparator; number of operands: ${options.length}`);
    return (item) => options.some((option) => both(operand(item), option(item), equal));
  }

  private call(): Condition {
    const token = this.lexer.next();
    this.lexer.expect('(');
    const condition = this.functionBody(token.text);
    this.lexer.expect(')');
    return condition;
  }

  private functionBody(name: string): Condition {
    switch (name) {
      case 'attribute_exists': {
        const path = this.placeholders.path(this.lexer);
        return (item) => valueAt(item, path) !== undefined;
      }
      case 'attribute_not_exists': {
        const path = this.placeholders.path(this.lexer);
        return (item) => valueAt(item, path) === undefined;
      }
      case 'attribute_type': {
        const path = this.placeholders.path(this.lexer);
        const type = this.second()({})?.S as ValueType | undefined;
        return (item) => {
          const value = valueAt(item, path);
          return value !== undefined && typeOf(value) === type;
        };
      }
      case 'begins_with':
        return this.pair(beginsWith);
      case 'contains':
        return this.pair(contains);
      default:
        throw this.lexer.invalid(`Invalid function name; function: ${name}`);
    }
  }

  private pair(test: (a: Value, b: Value) => boolean): Condition {
    const first = this.operand();
    const second = this.second();
    return (item) => both(first(item), second(item), test);
  }

  private second(): Operand {
    this.lexer.expect(',');
    return this.operand();
  }

  private operand(): Operand {
    const { lexer, placeholders } = this;
    if (lexer.peek().kind === 'value') {
      const value = placeholders.value(lexer, lexer.next().text);
      return () => value;
    }
    if (lexer.is('SIZE') && lexer.peek(1).text === '(') {
      lexer.next();
      lexer.expect('(');
      const path = placeholders.path(lexer);
      lexer.expect(')');
      return (item) => {
        const value = valueAt(item, path);
        const size = value === undefined ? undefined : sizeOf(value);
        return size === undefined ? undefined : { N: String(size) };
      };
    }
    const path: Path = placeholders.path(lexer);
    return (item) => valueAt(item, path);
  }
}

function ordered(a: Value, b: Value, test: (order: number) => boolean): boolean {
  const order = compare(a, b);
  return order !== undefined && test(order);
}

function both(a: Value | undefined, b: Value | undefined, test: (a: Value, b: Value) => boolean): boolean {
  return a !== undefined && b !== undefined && test(a, b);
}
