import type * as z from 'zod';
import type { Problem } from '../definition/problem';

/** A metric of the evaluation report, and perhaps of live traffic. */
export interface TaskMetric {
  readonly better: 'higher' | 'lower';
  /** Name of the CloudWatch metric that says it of live traffic, with dimensions stage and model. */
  readonly live?: string;
}

/** What a metric must be on the hold-out. */
export interface MetricBound {
  readonly metric: string;
  readonly min?: number;
  readonly max?: number;
}

/** What live traffic must keep; below it the model trains at once. */
export interface LiveFloor {
  /** A metric of the task that has a live name. */
  readonly metric: string;
  readonly floor: number;
}

/** A prediction in the columns of the inference log. */
export interface LoggedPrediction {
  /** The one number of a prediction that people sort and plot by. */
  readonly score: number;
  /** JSON of the rest. */
  readonly predicted: string;
}

/** The parts of a model that its task has a say in. */
export interface TaskParts<G, B, T> {
  readonly gates: G;
  readonly baseline: B;
  readonly training: T;
}

/**
 * What a model predicts, and all that follows from it; containers/platform/tasks/ holds the same for the jobs.
 *
 * @typeParam L label, `G` gates, `B` day-0 baseline, `T` members of the training block, as definitions say them
 * @typeParam P a prediction
 * @typeParam Q quality of predictions whose outcome is known: plain data, integers only, so that merging is exact
 */
export interface Task<L = unknown, G = unknown, B = unknown, T = unknown, P = unknown, Q = unknown> {
  readonly name: string;
  readonly label: z.ZodType<L>;
  readonly gates: z.ZodType<G>;
  readonly baseline: z.ZodType<B>;
  /** Members of the training block. */
  readonly training: Readonly<Record<string, z.ZodType>>;
  /** Members of a prediction: what the model server answers, and what callers get. */
  readonly prediction: z.ZodType<P> & { readonly shape: Readonly<Record<string, z.ZodType>> };
  /** Metrics by their name in the evaluation report. */
  readonly metrics: Readonly<Record<string, TaskMetric>>;
  /** The metric that stands for a model where there is room for one. */
  readonly headline: { readonly metric: string; readonly label: string };
  /** Outputs whose distribution is watched, beside the inputs. */
  readonly outputs: readonly string[];

  /** What schemas cannot see; paths are relative to the model. */
  check(model: TaskParts<G, B, T>, inputs: readonly string[]): Problem[];
  /** Expression of the label from that of the outcome, a double. */
  labelSql(label: L, outcome: string): string;
  /** Hyperparameters of the training job that the task adds to its algorithm's. */
  hyperparameters(training: T): Record<string, string>;
  /** Files of the day-0 artefact, by name: what the container needs in place of a trained model. */
  baselineFiles(baseline: B): Readonly<Record<string, object>>;
  bounds(gates: G): readonly MetricBound[];
  floors(gates: G): readonly LiveFloor[];
  toLog(prediction: P): LoggedPrediction;
  /** Throws when the columns hold no prediction. */
  fromLog(logged: LoggedPrediction): P;
  /** Values of `outputs`. */
  outputsOf(prediction: P): Readonly<Record<string, unknown>>;

  readonly quality: {
    readonly schema: z.ZodType<Q>;
    empty(): Q;
    /** @param outcome in the unit of the label's column */
    add(quality: Q, prediction: P, outcome: number, label: L): Q;
    merge(a: Q, b: Q): Q;
    /** Predictions whose outcome is known. */
    count(quality: Q): number;
    /** Metrics by name; one without denominator, or with too few samples for the gates, is absent. */
    report(quality: Q, gates: G): Readonly<Record<string, number>>;
  };
}
