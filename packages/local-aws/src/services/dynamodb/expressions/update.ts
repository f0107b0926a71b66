import { validationError } from '../../../errors';
import { addDecimals, formatDecimal, parseDecimal } from '../decimal';
import { bytesKey, type Item, typeOf, type Value } from '../values';
import type { Lexer } from './lexer';
import { overlap } from './paths';
import { type Path, type Placeholders, valueAt } from './placeholders';

/** What a path of the item becomes; undefined: it is removed. */
interface Action {
  readonly path: Path;
  readonly kind: 'set' | 'remove';
  value(item: Item): Value | undefined;
}

export interface Update {
  /** Top-level attributes that the update names. */
  readonly attributes: ReadonlySet<string>;
  readonly paths: readonly Path[];
  apply(item: Item): Item;
}

type Operand = (item: Item) => Value;

const MISSING = 'The provided expression refers to an attribute that does not exist in the item';
const BAD_PATH = 'The document path provided in the update expression is invalid for update';
const WRONG_TYPE = 'An operand in the update expression has an incorrect data type';

function numbers(a: Value, b: Value, subtract: boolean): Value {
  if (a.N === undefined || b.N === undefined) throw validationError(WRONG_TYPE);
  return { N: formatDecimal(addDecimals(parseDecimal(a.N), parseDecimal(b.N), subtract)) };
}

function merged<T>(a: readonly T[], b: readonly T[], keyOf: (item: T) => string): T[] {
  const known = new Set(a.map(keyOf));
  return [...a, ...b.filter((item) => !known.has(keyOf(item)))];
}

function added(current: Value | undefined, value: Value): Value {
  if (current === undefined) return value;
  if (value.N !== undefined) return numbers(current, value, false);
  if (current.SS !== undefined && value.SS !== undefined) return { SS: merged(current.SS, value.SS, (text) => text) };
  if (current.NS !== undefined && value.NS !== undefined) return { NS: merged(current.NS, value.NS, (text) => text) };
  if (current.BS !== undefined && value.BS !== undefined) return { BS: merged(current.BS, value.BS, bytesKey) };
  throw validationError(WRONG_TYPE);
}

function without<T>(a: readonly T[], b: readonly T[], keyOf: (item: T) => string): T[] | undefined {
  const gone = new Set(b.map(keyOf));
  const kept = a.filter((item) => !gone.has(keyOf(item)));
  return kept.length === 0 ? undefined : kept;
}

function deleted(current: Value | undefined, value: Value): Value | undefined {
  if (current === undefined) return undefined;
  if (typeOf(current) !== typeOf(value)) throw validationError(WRONG_TYPE);
  const SS = without(current.SS ?? [], value.SS ?? [], (text) => text);
  const NS = without(current.NS ?? [], value.NS ?? [], (text) => text);
  const BS = without(current.BS ?? [], value.BS ?? [], bytesKey);
  if (SS !== undefined) return { SS };
  if (NS !== undefined) return { NS };
  return BS === undefined ? undefined : { BS };
}

/** `value` with what lies at `path` replaced; maps and lists on the way are copied. */
function replaced(value: Value | undefined, path: Path, next: Value | undefined): Value | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return next;
  if (typeof step === 'number') {
    if (value?.L === undefined) throw validationError(BAD_PATH);
    const list = [...value.L];
    const at = Math.min(step, list.length);
    const child = replaced(list[at], rest, next);
    if (child !== undefined) list[at] = child;
    else if (at < list.length) list.splice(at, 1);
    return { L: list };
  }
  if (value?.M === undefined) throw validationError(BAD_PATH);
  const { [step]: before, ...others } = value.M;
  const child = replaced(before, rest, next);
  return { M: child === undefined ? others : { ...others, [step]: child } };
}

/** Reads update expressions: SET, REMOVE, ADD and DELETE, each once, in any order. */
export class UpdateParser {
  private readonly actions: Action[] = [];

  constructor(
    private readonly lexer: Lexer,
    private readonly placeholders: Placeholders,
  ) {}

  parse(): Update {
    const seen = new Set<string>();
    while (this.lexer.peek().kind !== 'end') {
      const token = this.lexer.next();
      const clause = token.text.toUpperCase();
      if (seen.has(clause)) throw this.lexer.invalid(`The "${clause}" section can only be used once in an update expression;`);
      seen.add(clause);
      do this.action(clause, () => this.lexer.syntaxError(token));
      while (this.lexer.take(','));
    }
    const paths = this.actions.map(({ path }) => path);
    const clash = overlap(paths);
    if (clash !== undefined) throw this.lexer.invalid(clash);
    // Elements are removed from the back, so that the indexes of the others hold.
    const ordered = [...this.actions].sort(
      (a, b) => Number(a.kind === 'remove') - Number(b.kind === 'remove') || lastIndex(b) - lastIndex(a),
    );
    return {
      attributes: new Set(paths.map(([name]) => String(name))),
      paths,
      apply: (item) => {
        const values = ordered.map((action) => action.value(item));
        let result: Value | undefined = { M: item };
        for (const [index, { path, kind }] of ordered.entries())
          if (kind === 'set' || valueAt(result?.M ?? {}, path) !== undefined) result = replaced(result, path, values[index]);
        return result?.M ?? {};
      },
    };
  }

  private action(clause: string, syntaxError: () => Error): void {
    const { lexer, placeholders } = this;
    if (!['SET', 'REMOVE', 'ADD', 'DELETE'].includes(clause)) throw syntaxError();
    const path = placeholders.path(lexer);
    if (clause === 'REMOVE') return void this.actions.push({ path, kind: 'remove', value: () => undefined });
    if (clause === 'SET') {
      lexer.expect('=');
      return void this.actions.push({ path, kind: 'set', value: this.expression() });
    }
    const token = lexer.next();
    if (token.kind !== 'value') throw lexer.syntaxError(token);
    const value = placeholders.value(lexer, token.text);
    const allowed = clause === 'ADD' ? ['N', 'SS', 'NS', 'BS'] : ['SS', 'NS', 'BS'];
    if (!allowed.includes(typeOf(value)))
      throw lexer.invalid(
        `Incorrect operand type for operator or function; operator: ${clause}, operand type: ${typeOf(value)}, typeSet: ALLOWED_FOR_${clause}_OPERAND`,
      );
    if (clause === 'ADD') this.actions.push({ path, kind: 'set', value: (item) => added(valueAt(item, path), value) });
    else this.actions.push({ path, kind: 'remove', value: (item) => deleted(valueAt(item, path), value) });
  }

  private expression(): Operand {
    const left = this.operand();
    const subtract = this.lexer.is('-');
    if (!this.lexer.take('+') && !this.lexer.take('-')) return left;
    const right = this.operand();
    return (item) => numbers(left(item), right(item), subtract);
  }

  private operand(): Operand {
    const { lexer, placeholders } = this;
    const token = lexer.peek();
    if (token.kind === 'value') {
      const value = placeholders.value(lexer, lexer.next().text);
      return () => value;
    }
    if (token.kind === 'word' && lexer.peek(1).text === '(') return this.call();
    if (lexer.take('(')) {
      const inner = this.expression();
      lexer.expect(')');
      return inner;
    }
    const path = placeholders.path(lexer);
    return (item) => {
      const value = valueAt(item, path);
      if (value === undefined) throw validationError(MISSING);
      return value;
    };
  }

  private call(): Operand {
    const { lexer, placeholders } = this;
    const name = lexer.next().text;
    lexer.expect('(');
    let result: Operand;
    if (name === 'if_not_exists') {
      const path = placeholders.path(lexer);
      lexer.expect(',');
      const fallback = this.operand();
      result = (item) => valueAt(item, path) ?? fallback(item);
    } else if (name === 'list_append') {
      const first = this.operand();
      lexer.expect(',');
      const second = this.operand();
      result = (item) => {
        const [head, tail] = [first(item).L, second(item).L];
        if (head === undefined || tail === undefined) throw validationError(WRONG_TYPE);
        return { L: [...head, ...tail] };
      };
    } else throw lexer.invalid(`Invalid function name; function: ${name}`);
    lexer.expect(')');
    return result;
  }
}

function lastIndex({ path }: Action): number {
  const last = path.at(-1);
  return typeof last === 'number' ? last : 0;
}
