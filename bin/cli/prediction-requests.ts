import { type Field, findSource, type Model, type Platform } from '../../core/definition';
import { recordedRows } from './recorded-events';

/** A prediction to ask for: when, and of what. */
export interface PredictionRequest {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly entity: string;
  /** An instance as the API takes it. */
  readonly instance: Readonly<Record<string, unknown>>;
}

/** Columns of an instance: the entity, request features and lookup keys. */
function columnsOf(model: Model): string[] {
  return [model.entity, ...Object.keys(model.request), ...Object.keys(model.keys)];
}

/**
 * What would have been asked of a model while events were recorded: one prediction per row of its spine, at the row's time, in the order
 * of time. A row's own event may come later than the time that it speaks of.
 */
export async function recordedRequests(folder: string, model: Model): Promise<PredictionRequest[]> {
  const columns = columnsOf(model);
  const requests: PredictionRequest[] = [];
  for await (const row of recordedRows<Record<string, unknown>>(folder, model.spine.source)) {
    const instance = Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
    requests.push({ at: Date.parse(String(row[model.spine.time])), entity: String(row[model.entity]), instance });
  }
  return requests.toSorted((a, b) => a.at - b.at);
}

/** An instance that the API takes, made from the model's schema alone. */
export function sampleInstance(platform: Platform, model: Model): Record<string, unknown> {
  const entity = findSource(platform, model.spine.source)?.schema[model.entity];
  const fields = { ...(entity === undefined ? {} : { [model.entity]: entity }), ...model.request, ...model.keys };
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, sampleValue(name, field)]));
}

function sampleValue(name: string, field: Field): string | number {
  switch (field.type) {
    case 'category':
      return field.values?.[0] ?? 'example';
    case 'string':
      return `${name}-1`.slice(0, field.maxLength);
    case 'timestamp':
      return '2026-01-31T00:00:00.000Z';
    case 'integer':
      return Math.ceil(field.min ?? Math.min(1, field.max ?? 1));
    case 'number':
      return field.min ?? Math.min(1, field.max ?? 1);
  }
}
