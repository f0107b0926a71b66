import * as z from 'zod';
import { type Model, milliseconds } from '../definition';
import { createSketch, mergeSketches, type ReferenceProfile, type SketchState, sketchStateSchema } from '../drift';
import { taskOf } from '../tasks';

/** Position in a stream: shard and sequence number (decimal text). */
export interface StreamPosition {
  readonly shard: string;
  readonly sequence: string;
}

/** A prediction as monitoring sees it. */
export interface ObservedPrediction extends StreamPosition {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Of the model's task. */
  readonly prediction: unknown;
}

/** A prediction joined with what happened. */
export interface ObservedOutcome extends StreamPosition {
  /** Of the model's task. */
  readonly prediction: unknown;
  /** In the unit of the label's column. */
  readonly outcome: number;
}

const windowSchema = z.object({
  model: z.string(),
  version: z.string(),
  /** Begin of the window, milliseconds since 1970. */
  start: z.number(),
  predictions: z.int().min(0),
  /** By model input and output; empty while the version has no profile. */
  sketches: z.record(z.string(), sketchStateSchema),
  /** Quality on joined outcomes, as the model's task counts it. */
  quality: z.unknown(),
  /** Newest sequence number that is inside, by shard and kind of record: a replayed batch changes nothing. */
  applied: z.record(z.string(), z.string()),
});

/** What is known of one tumbling window of one model version; plain data, integers only. */
export type WindowState = z.infer<typeof windowSchema>;

/** Reads a stored window of a model. Throws when it is none. */
export function parseWindow(model: Model, json: unknown): WindowState {
  const state = windowSchema.parse(json);
  return { ...state, quality: taskOf(model).quality.schema.parse(state.quality) };
}

/** Begin of the window that holds an instant (milliseconds since 1970). */
export function windowStart(model: Model, at: number): number {
  const width = milliseconds(model.monitoring.window);
  return Math.floor(at / width) * width;
}

export function emptyWindow(model: Model, version: string, start: number): WindowState {
  const quality = taskOf(model).quality.empty();
  return { model: model.name, version, start, predictions: 0, sketches: {}, quality, applied: {} };
}

/** Labelled predictions in a window. */
export function labelled(model: Model, { quality }: WindowState): number {
  return taskOf(model).quality.count(quality);
}

/** Adds predictions, in stream order per shard; ones that are inside already are skipped. */
export function addPredictions(
  model: Model,
  state: WindowState,
  profile: ReferenceProfile | undefined,
  records: readonly ObservedPrediction[],
): WindowState {
  const fresh = unseen(state, 'prediction', records);
  if (fresh.length === 0) return state;
  const task = taskOf(model);
  const rows = fresh.map(({ inputs, prediction }) => ({ ...inputs, ...task.outputsOf(prediction) }) as Record<string, unknown>);
  const sketches: Record<string, SketchState> = { ...state.sketches };
  for (const [name, inputProfile] of Object.entries(profile?.features ?? {})) {
    const sketch = createSketch(inputProfile);
    for (const row of rows) sketch.add(row[name]);
    const before = sketches[name];
    sketches[name] = before === undefined ? sketch.state() : mergeSketches(before, sketch.state());
  }
  return { ...state, predictions: state.predictions + fresh.length, sketches, applied: advance(state, 'prediction', fresh) };
}

/** Adds joined outcomes, in stream order per shard; ones that are inside already are skipped. */
export function addOutcomes(model: Model, state: WindowState, records: readonly ObservedOutcome[]): WindowState {
  const fresh = unseen(state, 'outcome', records);
  if (fresh.length === 0) return state;
  const { quality } = taskOf(model);
  const counted = fresh.reduce(
    (counts, { prediction, outcome }) => quality.add(counts, prediction, outcome, model.label),
    state.quality,
  );
  return { ...state, quality: counted, applied: advance(state, 'outcome', fresh) };
}

type Kind = 'prediction' | 'outcome';

function unseen<R extends StreamPosition>(state: WindowState, kind: Kind, records: readonly R[]): R[] {
  return records.filter(({ shard, sequence }) => isAfter(sequence, state.applied[`${kind}@${shard}`]));
}

function advance(state: WindowState, kind: Kind, records: readonly StreamPosition[]): Record<string, string> {
  const applied = { ...state.applied };
  for (const { shard, sequence } of records) {
    const key = `${kind}@${shard}`;
    if (isAfter(sequence, applied[key])) applied[key] = sequence;
  }
  return applied;
}

/** Decimal texts without leading zeros: the longer one is the greater. */
function isAfter(sequence: string, applied: string | undefined): boolean {
  if (applied === undefined) return true;
  return sequence.length === applied.length ? sequence > applied : sequence.length > applied.length;
}
