import { wholeText } from './pattern';
import type { ConstrainedShape, ConstraintTable } from './table';

/** A shape in a botocore model, as far as it constrains values. */
export interface BotocoreShape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly sensitive?: boolean;
}

export interface BotocoreModel {
  readonly metadata: { readonly apiVersion: string };
  readonly operations: Readonly<Record<string, { readonly input?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, BotocoreShape>>;
}

/**
 * Services that do not answer bad input in the words of the other ones: their operations check it themselves, and only missing members are
 * looked for at the wire.
 */
const OWN_CHECKS: ReadonlySet<string> = new Set(['s3', 'sqs', 'sns', 'apigateway']);

/** Shapes for which AWS has a text of its own, which the operation tells: a data point by its place, a runtime with what else it may be. */
const OWN_TEXTS: Readonly<Record<string, readonly string[]>> = {
  cloudwatch: ['PutMetricDataInput'],
  lambda: ['Runtime'],
};

const NUMBERS: ReadonlySet<string> = new Set(['integer', 'long', 'float', 'double', 'short', 'byte', 'bigInteger', 'bigdecimal']);

function usable(pattern: string | undefined): pattern is string {
  if (pattern === undefined) return false;
  try {
    wholeText(pattern);
    return !/^\^?(\.|\[\\s\\S\])\*\$?$/.test(pattern);
  } catch {
    return false;
  }
}

function bounds(shape: BotocoreShape): Pick<ConstrainedShape, 'min' | 'max' | 'sensitive'> {
  const { min, max, sensitive } = shape;
  return {
    ...(min === undefined || (min === 0 && !NUMBERS.has(shape.type)) ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(sensitive === true ? { sensitive } : {}),
  };
}

/** Collects the shapes that demand something, and those that hold such. */
class Extraction {
  readonly shapes: Record<string, ConstrainedShape> = {};
  private readonly visiting = new Set<string>();

  constructor(
    private readonly model: BotocoreModel,
    private readonly exempt: ReadonlySet<string>,
  ) {}

  /** Name of the shape if something is demanded of it; undefined otherwise. */
  add(name: string | undefined): string | undefined {
    if (name === undefined || this.exempt.has(name)) return undefined;
    // Within a circle the name is given before it is known whether anything is demanded; the check takes a name without a shape for nothing.
    if (this.shapes[name] !== undefined || this.visiting.has(name)) return name;
    const shape = this.model.shapes[name];
    if (shape === undefined) return undefined;
    this.visiting.add(name);
    const found = this.convert(shape);
    this.visiting.delete(name);
    if (found === undefined) return undefined;
    this.shapes[name] = found;
    return name;
  }

  private convert(shape: BotocoreShape): ConstrainedShape | undefined {
    switch (shape.type) {
      case 'structure':
        return this.structure(shape);
      case 'list': {
        const element = this.add(shape.member?.shape);
        const own = bounds(shape);
        if (element === undefined && own.min === undefined && own.max === undefined) return undefined;
        return { type: 'list', ...own, ...(element === undefined ? {} : { element }) };
      }
      case 'map': {
        const [key, value] = [this.add(shape.key?.shape), this.add(shape.value?.shape)];
        const own = bounds(shape);
        if (key === undefined && value === undefined && own.min === undefined && own.max === undefined) return undefined;
        return { type: 'map', ...own, ...(key === undefined ? {} : { key }), ...(value === undefined ? {} : { value }) };
      }
      default:
        return scalar(shape);
    }
  }

  private structure(shape: BotocoreShape): ConstrainedShape | undefined {
    const members: Record<string, string> = {};
    for (const [name, member] of Object.entries(shape.members ?? {})) {
      const found = this.add(member.shape);
      if (found !== undefined) members[name] = found;
    }
    const required = shape.required ?? [];
    if (required.length === 0 && Object.keys(members).length === 0) return undefined;
    return { type: 'structure', ...(required.length === 0 ? {} : { required }), members };
  }
}

function scalar(shape: BotocoreShape): ConstrainedShape | undefined {
  const own = bounds(shape);
  const type = NUMBERS.has(shape.type) ? 'number' : shape.type === 'blob' || shape.type === 'string' ? shape.type : undefined;
  if (type === undefined) return undefined;
  const found = {
    ...own,
    ...(usable(shape.pattern) ? { pattern: shape.pattern } : {}),
    ...(shape.enum === undefined ? {} : { enum: shape.enum }),
  };
  const { sensitive: _, ...demands } = found;
  return Object.keys(demands).length === 0 ? undefined : { type, ...found };
}

/** What the model demands of the inputs of `operations`, as a table. `version` is botocore's. */
export function extractConstraints(
  service: string,
  model: BotocoreModel,
  operations: readonly string[],
  version: string,
): ConstraintTable {
  const extraction = new Extraction(model, new Set(OWN_TEXTS[service] ?? []));
  const inputs: Record<string, string | null> = {};
  for (const name of [...operations].sort()) {
    const input = model.operations[name]?.input?.shape;
    if (OWN_CHECKS.has(service)) {
      const required = input === undefined ? [] : (model.shapes[input]?.required ?? []);
      if (input !== undefined && required.length > 0) extraction.shapes[input] = { type: 'structure', required, members: {} };
      inputs[name] = required.length > 0 ? (input ?? null) : null;
    } else inputs[name] = extraction.add(input) ?? null;
  }
  const shapes = Object.fromEntries(Object.entries(extraction.shapes).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { source: `botocore ${version}, ${service} ${model.metadata.apiVersion}`, operations: inputs, shapes };
}
