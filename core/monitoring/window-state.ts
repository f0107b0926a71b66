import * as z from 'zod';
import { type Model, milliseconds } from '../definition';
import { type BaselineProfile, createSketch, mergeSketches, type SketchState, sketchStateSchema } from '../drift';
import {
  type Confusion,
  confusionSchema,
  countDecision,
  countScore,
  emptyScoreHistogram,
  mergeScoreHistograms,
  NO_DECISIONS,
  scoreHistogramSchema,
} from '../quality';

/** Position in a stream: shard and sequence number (decimal text). */
export interface StreamPosition {
  readonly shard: string;
  readonly sequence: string;
}

/** A prediction as monitoring sees it. */
export interface ObservedPrediction extends StreamPosition {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly score: number;
}

/** A prediction joined with what happened. */
export interface ObservedOutcome extends StreamPosition {
  readonly score: number;
  readonly predicted: boolean;
  readonly actual: boolean;
}

/** What is known of one tumbling window of one model version; plain data, integers only. */
export const windowStateSchema = z.object({
  model: z.string(),
  version: z.string(),
  /** Begin of the window, milliseconds since 1970. */
  start: z.number(),
  predictions: z.int().min(0),
  /** By model input and `score`; empty while the version has no profile. */
  sketches: z.record(z.string(), sketchStateSchema),
  confusion: confusionSchema,
  scores: scoreHistogramSchema,
  /** Newest sequence number that is inside, by shard and kind of record: a replayed batch changes nothing. */
  applied: z.record(z.string(), z.string()),
});
export type WindowState = z.infer<typeof windowStateSchema>;

/** Begin of the window that holds an instant (milliseconds since 1970). */
export function windowStart(model: Model, at: number): number {
  const width = milliseconds(model.monitoring.window);
  return Math.floor(at / width) * width;
}

export function emptyWindow(model: string, version: string, start: number): WindowState {
  return {
    model,
    version,
    start,
    predictions: 0,
    sketches: {},
    confusion: NO_DECISIONS,
    scores: emptyScoreHistogram(),
    applied: {},
  };
}

/** Labelled predictions in a window. */
export function labelled({ confusion: { tp, fp, fn, tn } }: Pick<WindowState, 'confusion'>): number {
  return tp + fp + fn + tn;
}

/** Adds predictions, in stream order per shard; ones that are inside already are skipped. */
export function addPredictions(
  state: WindowState,
  profile: BaselineProfile | undefined,
  records: readonly ObservedPrediction[],
): WindowState {
  const fresh = unseen(state, 'prediction', records);
  if (fresh.length === 0) return state;
  const sketches: Record<string, SketchState> = { ...state.sketches };
  for (const [input, inputProfile] of Object.entries(profile?.features ?? {})) {
    const sketch = createSketch(inputProfile);
    for (const record of fresh) sketch.add(input === 'score' ? record.score : record.inputs[input]);
    const before = sketches[input];
    sketches[input] = before === undefined ? sketch.state() : mergeSketches(before, sketch.state());
  }
  return { ...state, predictions: state.predictions + fresh.length, sketches, applied: advance(state, 'prediction', fresh) };
}

/** Adds joined outcomes, in stream order per shard; ones that are inside already are skipped. */
export function addOutcomes(state: WindowState, records: readonly ObservedOutcome[]): WindowState {
  const fresh = unseen(state, 'outcome', records);
  if (fresh.length === 0) return state;
  const scores = emptyScoreHistogram();
  let confusion: Confusion = state.confusion;
  for (const { score, predicted, actual } of fresh) {
    confusion = countDecision(confusion, predicted, actual);
    countScore(scores, score, actual);
  }
  return { ...state, confusion, scores: mergeScoreHistograms(state.scores, scores), applied: advance(state, 'outcome', fresh) };
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
