import { type Model, milliseconds } from '../definition';

/** Time ranges of a training run, instants in ISO 8601 UTC: from inclusive, to exclusive. */
export interface TrainingSpans {
  readonly trainFrom: string;
  readonly trainTo: string;
  readonly holdoutFrom: string;
  readonly holdoutTo: string;
}

const HOUR = 3_600_000;

/**
 * Ranges of a run that starts now: the hold-out ends where every outcome is known (before that, rows whose outcome is late would be
 * missing, and those are not like the others), and training ends where the hold-out begins.
 *
 * @param now milliseconds since 1970
 */
export function trainingSpans(model: Model, now: number): TrainingSpans {
  const holdoutTo = Math.floor((now - milliseconds(model.label.within)) / HOUR) * HOUR;
  const trainTo = holdoutTo - milliseconds(model.training.holdout);
  const trainFrom = holdoutTo - milliseconds(model.training.window);
  const iso = (at: number): string => new Date(at).toISOString();
  return { trainFrom: iso(trainFrom), trainTo: iso(trainTo), holdoutFrom: iso(trainTo), holdoutTo: iso(holdoutTo) };
}
