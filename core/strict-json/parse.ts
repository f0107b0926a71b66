/** Why a text is not accepted; a closed list. */
export type JsonFault = 'syntax' | 'duplicate-key' | 'too-deep' | 'not-finite' | 'forbidden-key';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export type JsonResult =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly fault: JsonFault; readonly message: string; readonly pointer: string };

export const MAX_DEPTH = 32;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings must not contain control characters
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const LITERALS: readonly (readonly [string, null | boolean])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/**
 * Reads JSON (RFC 8259) and refuses what readers disagree on: duplicate keys, numbers beyond a double (1e400), nesting deeper than 32,
 * and `__proto__` as a key. NaN and Infinity are no JSON.
 */
export function parseStrictJson(text: string): JsonResult {
  try {
    return { ok: true, value: new Reader(text).document() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, fault: error.fault, message: error.message, pointer: error.pointer };
    throw error;
  }
}

/** One segment of a JSON pointer (RFC 6901). */
export function pointerSegment(key: PropertyKey): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

class Refusal extends Error {
  constructor(
    readonly fault: JsonFault,
    message: string,
    readonly pointer: string,
  ) {
    super(message);
  }
}

class Reader {
  private at = 0;
  private readonly path: (string | number)[] = [];

  constructor(private readonly text: string) {}

  document(): JsonValue {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.refuse('syntax', `unexpected text at character ${this.at}`);
    return value;
  }

  private value(): JsonValue {
    this.space();
    const first = this.text[this.at];
    if (first === '{') return this.nested(() => this.object());
    if (first === '[') return this.nested(() => this.array());
    if (first === '"') return this.string();
    for (const [word, value] of LITERALS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  private nested<T>(read: () => T): T {
    if (this.path.length >= MAX_DEPTH) this.refuse('too-deep', `nested deeper than ${MAX_DEPTH}`);
    this.at += 1;
    return read();
  }

  private object(): { [key: string]: JsonValue } {
    const result: { [key: string]: JsonValue } = {};
    if (this.closes('}')) return result;
    do {
      this.space();
      const key = this.string();
      if (key === '__proto__') this.refuse('forbidden-key', 'key __proto__ is not allowed');
      if (Object.hasOwn(result, key)) this.refuse('duplicate-key', `key ${JSON.stringify(key)} appears more than once`);
      this.expect(':');
      result[key] = this.inside(key);
    } while (this.follows(','));
    this.expect('}');
    return result;
  }

  private array(): JsonValue[] {
    const result: JsonValue[] = [];
    if (this.closes(']')) return result;
    do result.push(this.inside(result.length));
    while (this.follows(','));
    this.expect(']');
    return result;
  }

  private inside(key: string | number): JsonValue {
    this.path.push(key);
    const value = this.value();
    this.path.pop();
    return value;
  }

  private string(): string {
    const raw = this.match(STRING);
    if (raw === undefined) this.refuse('syntax', `expected a string at character ${this.at}`);
    return raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1);
  }

  private number(): number {
    const raw = this.match(NUMBER);
    if (raw === undefined)
      this.refuse('syntax', `unexpected ${this.at < this.text.length ? 'text' : 'end'} at character ${this.at}`);
    const value = Number(raw);
    if (!Number.isFinite(value)) this.refuse('not-finite', 'number is too large');
    return value;
  }

  private closes(bracket: string): boolean {
    return this.follows(bracket);
  }

  private follows(character: string): boolean {
    this.space();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private expect(character: string): void {
    if (!this.follows(character)) this.refuse('syntax', `expected '${character}' at character ${this.at}`);
  }

  private space(): void {
    this.match(SPACE);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private refuse(fault: JsonFault, message: string): never {
    throw new Refusal(fault, message, this.path.map(pointerSegment).join(''));
  }
}
