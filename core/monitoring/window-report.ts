import { driftLimits, type Model } from '../definition';
import {
  type DriftBreach,
  type DriftStatistics,
  driftRatio,
  driftStatistics,
  driftVerdict,
  type ReferenceProfile,
} from '../drift';
import { taskOf } from '../tasks';
import { labelled, type WindowState } from './window-state';

/** An input whose statistics are above their limits. */
export interface DriftedInput {
  readonly input: string;
  readonly breaches: readonly DriftBreach[];
}

/** What a closed window says about a model. */
export interface WindowReport {
  readonly predictions: number;
  /** Statistics by model input; empty with too few predictions or without a profile. */
  readonly drift: Readonly<Record<string, DriftStatistics>>;
  /** Largest statistic as a share of its limit; undefined when nothing could be judged. */
  readonly driftRatio: number | undefined;
  readonly drifted: readonly DriftedInput[];
  readonly outcomes: number;
  /** Quality on joined outcomes, by metric of the task; absent values have no denominator or too few samples. */
  readonly quality: Readonly<Record<string, number>>;
}

/** Judges a window by the model's limits. */
export function windowReport(model: Model, state: WindowState, profile: ReferenceProfile | undefined): WindowReport {
  const { minSamples } = model.monitoring;
  const enough = state.predictions >= minSamples;
  const outcomes = labelled(model, state);
  const judged = Object.entries(profile?.features ?? {}).flatMap(([input, inputProfile]) => {
    const sketch = state.sketches[input];
    const limits = driftLimits(model.monitoring, input);
    return enough && sketch !== undefined
      ? [{ input, limits, n: sketch.n, statistics: driftStatistics(inputProfile, sketch) }]
      : [];
  });
  const ratios = judged.flatMap(({ statistics, limits, n }) => (n < minSamples ? [] : (driftRatio(statistics, limits) ?? [])));
  const drifted = judged.flatMap(({ input, statistics, limits, n }) => {
    const verdict = driftVerdict(statistics, limits, n, minSamples);
    return verdict.state === 'drifted' ? [{ input, breaches: verdict.breaches }] : [];
  });
  return {
    predictions: state.predictions,
    drift: Object.fromEntries(judged.map(({ input, statistics }) => [input, statistics])),
    driftRatio: ratios.length === 0 ? undefined : Math.max(...ratios),
    drifted,
    outcomes,
    quality: outcomes < minSamples ? {} : taskOf(model).quality.report(state.quality, model.gates),
  };
}
