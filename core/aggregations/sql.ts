/** A double literal that Trino and DuckDB both read as a double, never as a decimal. */
export function double(value: number): string {
  const text = String(value);
  return text.includes('e') ? text : `${text}E0`;
}

/** A column read as a double. */
export function asDouble(column: string): string {
  return `CAST(${column} AS DOUBLE)`;
}

/** Sum of parts, of which each may be null. */
export function total(parts: readonly string[]): string {
  return parts.map((part) => `coalesce(${asDouble(part)}, 0E0)`).join(' + ');
}

/** The first part that is not null. */
export function firstOf(parts: readonly string[]): string {
  return parts.length === 1 ? parts.join() : `coalesce(${parts.join(', ')})`;
}

/** Greatest or least of parts, of which some may be null; both engines make null of `greatest` with a null. */
export function extreme(name: 'greatest' | 'least', parts: readonly string[]): string {
  return parts.length === 1 ? parts.join() : `${name}(${firstOf(parts)}, ${firstOf(parts.toReversed())})`;
}
