import { demandsOf } from './demands';
import { type Violation, violationError } from './dialect';
import type { ConstrainedShape, ConstraintTable } from './table';

type Check = (value: unknown, path: string, found: Violation[]) => void;

const NOT_NULL = 'Member must not be null';

/** `records.1.member.partitionKey`: AWS writes members with a small first letter, and counts from 1. */
function below(path: string, name: string): string {
  const member = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return path === '' ? member : `${path}.${member}`;
}

function shown(value: unknown, shape: ConstrainedShape): string | undefined {
  if (shape.sensitive === true) return undefined;
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  if (Array.isArray(value)) return `[${value.map((item) => (typeof item === 'object' ? '{...}' : String(item))).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([name, item]) => `${name}=${typeof item === 'object' ? '{...}' : String(item)}`)
    .join(', ')}}`;
}

type Entries = (value: unknown) => readonly (readonly [string, unknown])[];

const elements: Entries = (value) => (Array.isArray(value) ? value.map((item, index) => [`${index + 1}.member`, item]) : []);
const entries: Entries = (value) => Object.entries(value ?? {}).map(([name, item]) => [`${name}.member`, item]);
const keys: Entries = (value) => Object.keys(value ?? {}).map((name) => [name, name]);

/** The checks of one service, each compiled when it is first needed. */
class Checks {
  private readonly byShape = new Map<string, Check>();

  constructor(private readonly table: ConstraintTable) {}

  ofOperation(name: string): Check | undefined {
    return this.of(this.table.operations[name] ?? undefined);
  }

  /** The check of what is inside a value of the shape, and for a member also of the value itself. */
  private of(name: string | undefined, itself = true): Check | undefined {
    const shape = name === undefined ? undefined : this.table.shapes[name];
    if (shape === undefined) return undefined;
    const id = `${name} ${itself}`;
    const known = this.byShape.get(id);
    if (known !== undefined) return known;
    // A circle of shapes meets this one while the real one is being compiled.
    let compiled: Check | undefined;
    this.byShape.set(id, (value, path, found) => compiled?.(value, path, found));
    const inner = this.inner(shape);
    compiled = itself ? withDemands(shape, inner) : (inner ?? (() => undefined));
    this.byShape.set(id, compiled);
    return compiled;
  }

  private inner(shape: ConstrainedShape): Check | undefined {
    if (shape.type === 'structure') return this.structure(shape);
    if (shape.type === 'list') return this.each(shape, shape.element, 'Member must satisfy constraint', elements);
    if (shape.type !== 'map') return undefined;
    const ofKeys = this.each(shape, shape.key, 'Map keys must satisfy constraint', keys);
    const ofValues = this.each(shape, shape.value, 'Map value must satisfy constraint', entries);
    return (value, path, found) => {
      ofKeys?.(value, path, found);
      ofValues?.(value, path, found);
    };
  }

  private structure(shape: ConstrainedShape): Check {
    const required = new Set(shape.required);
    const constrained = Object.keys(shape.members ?? {});
    const names = [...[...required].filter((name) => !constrained.includes(name)), ...constrained];
    const members = names.map((name) => ({ name, needed: required.has(name), check: this.of(shape.members?.[name]) }));
    return (value, path, found) => {
      if (typeof value !== 'object' || value === null) return;
      const record = value as Readonly<Record<string, unknown>>;
      for (const { name, needed, check } of members) {
        const member = record[name];
        if (member !== undefined && member !== null) check?.(member, below(path, name), found);
        else if (needed) found.push({ path: below(path, name), shown: 'null', demand: NOT_NULL });
      }
    };
  }

  /** Elements that fail by themselves are told with the whole collection and all that each must meet; what is inside of them, one by one. */
  private each(outer: ConstrainedShape, name: string | undefined, words: string, of: Entries): Check | undefined {
    const shape = name === undefined ? undefined : this.table.shapes[name];
    if (shape === undefined) return undefined;
    const demands = demandsOf(shape);
    const demand = `${words}: [${demands.map(({ text }) => text).join(', ')}]`;
    const secret = outer.sensitive ?? shape.sensitive;
    const check = this.of(name, false);
    return (value, path, found) => {
      const items = of(value);
      if (items.some(([, item]) => !demands.every((it) => it.met(item))))
        found.push({ path, shown: secret === true ? undefined : shown(value, outer), demand });
      for (const [place, item] of items) check?.(item, `${path}.${place}`, found);
    };
  }
}

function withDemands(shape: ConstrainedShape, inner: Check | undefined): Check {
  const demands = demandsOf(shape);
  return (value, path, found) => {
    for (const demand of demands) if (!demand.met(value)) found.push({ path, shown: shown(value, shape), demand: demand.text });
    inner?.(value, path, found);
  };
}

const loaded = new Map<string, Checks>();

function checksOf(service: string): Checks {
  let checks = loaded.get(service);
  if (checks === undefined) {
    checks = new Checks(require(`./tables/${service}.json`) as ConstraintTable);
    loaded.set(service, checks);
  }
  return checks;
}

/** Checks a parsed input by what AWS's model of the service demands of it. Throws the error with which that service answers. */
export function checkConstraints(service: string, operation: string, input: unknown): void {
  const check = checksOf(service).ofOperation(operation);
  if (check === undefined) return;
  const found: Violation[] = [];
  check(input, '', found);
  if (found.length > 0) throw violationError(service, found);
}
