import { wholeText } from './pattern';
import type { ConstrainedShape } from './table';

/** A demand on a value of one shape alone, with AWS's words for it. */
export interface Demand {
  readonly text: string;
  met(value: unknown): boolean;
}

function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

/** Values that the parser left in another type are no business of a bound. */
function bound(shape: ConstrainedShape, limit: number, upper: boolean): Demand {
  const measure = shape.type === 'number' ? (value: unknown) => (typeof value === 'number' ? value : undefined) : sizeOf;
  return {
    text: `Member must have ${shape.type === 'number' ? 'value' : 'length'} ${upper ? 'less' : 'greater'} than or equal to ${limit}`,
    met(value) {
      const size = measure(value);
      return size === undefined || (upper ? size <= limit : size >= limit);
    },
  };
}

/** The demands of a shape in the order in which AWS tells them. */
export function demandsOf(shape: ConstrainedShape): readonly Demand[] {
  const demands: Demand[] = [];
  if (shape.max !== undefined) demands.push(bound(shape, shape.max, true));
  if (shape.min !== undefined) demands.push(bound(shape, shape.min, false));
  if (shape.pattern !== undefined) {
    const pattern = wholeText(shape.pattern);
    const text = `Member must satisfy regular expression pattern: ${shape.pattern}`;
    demands.push({ text, met: (value) => typeof value !== 'string' || pattern.test(value) });
  }
  if (shape.enum !== undefined) {
    const allowed = new Set<unknown>(shape.enum);
    const text = `Member must satisfy enum value set: [${shape.enum.join(', ')}]`;
    demands.push({ text, met: (value) => typeof value !== 'string' || allowed.has(value) });
  }
  return demands;
}
