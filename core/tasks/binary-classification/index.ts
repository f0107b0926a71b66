import * as z from 'zod';
import type { Problem } from '../../definition/problem';
import { unknown } from '../../definition/problem';
import type { Task, TaskParts } from '../task';
import { type BinaryBaseline, baselineFiles, baselineSchema } from './baseline';
import { type BinaryGates, bounds, floors, gatesSchema } from './gates';
import { type BinaryLabel, labelSchema, labelSql } from './label';
import { type BinaryPrediction, fromLog, predictionSchema, toLog } from './prediction';
import * as quality from './quality';

export { prior, rule } from './baseline';

const training = {
  /** The operating threshold is chosen on validation rows to reach this precision. */
  precisionTarget: z.number().gt(0).lt(1),
};
type BinaryTraining = z.infer<z.ZodObject<typeof training>>;

/** Will it happen or not: a score from 0 to 1, and a label by an operating threshold. */
export const binaryClassification = {
  name: 'binary-classification',
  label: labelSchema,
  gates: gatesSchema,
  baseline: baselineSchema,
  training,
  prediction: predictionSchema,
  metrics: {
    auc: { better: 'higher', live: 'LiveAuc' },
    averagePrecision: { better: 'higher' },
    precision: { better: 'higher', live: 'LivePrecision' },
    recall: { better: 'higher', live: 'LiveRecall' },
    f1: { better: 'higher', live: 'LiveF1' },
    brier: { better: 'lower' },
    expectedCalibrationError: { better: 'lower', live: 'LiveCalibrationError' },
  },
  headline: { metric: 'auc', label: 'AUC' },
  outputs: ['score'],
  check,
  labelSql,
  hyperparameters: ({ precisionTarget }) => ({ precision_target: String(precisionTarget) }),
  baselineFiles,
  bounds,
  floors,
  toLog,
  fromLog,
  outputsOf: ({ score }) => ({ score }),
  quality: { schema: quality.qualitySchema, ...quality },
} as const satisfies Task<BinaryLabel, BinaryGates, BinaryBaseline, BinaryTraining, BinaryPrediction, quality.BinaryQuality>;

function check(model: TaskParts<BinaryGates, BinaryBaseline, BinaryTraining>, inputs: readonly string[]): Problem[] {
  const { baseline, gates, training: block } = model;
  const problems: Problem[] = [];
  if (baseline.kind === 'rule' && !inputs.includes(baseline.input))
    problems.push(unknown('baseline.input', `input '${baseline.input}'`, inputs));
  if (gates.precision !== undefined && gates.precision.min > block.precisionTarget)
    problems.push({
      path: 'gates.precision.min',
      message: `must not exceed training.precisionTarget, given ${gates.precision.min}`,
    });
  return problems;
}
