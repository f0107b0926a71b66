import * as z from 'zod';
import { durationSchema } from './duration';

const instanceType = z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'must be a SageMaker instance type such as ml.m5.xlarge');

/** How a model is trained. */
export const trainingSchema = z.strictObject({
  algorithm: z.literal('xgboost'),
  rounds: z.int().min(1).max(10_000),
  depth: z.int().min(1).max(16),
  learningRate: z.number().gt(0).max(1),
  subsample: z.number().gt(0).max(1),
  minChildWeight: z.number().min(0),
  seed: z.int().min(0),
  /** The operating threshold is chosen on validation rows to reach this precision. */
  precisionTarget: z.number().gt(0).lt(1),
  /** Instance types per stage, in order of preference. */
  instanceTypes: z.record(z.string(), z.array(instanceType).min(1)),
  volumeGiB: z.int().min(1).max(1024),
  maxRuntime: durationSchema,
  spot: z.boolean(),
  /** How far back the training rows reach. */
  window: durationSchema,
  /** How much of the newest labelled time is kept out of training to judge challengers. */
  holdout: durationSchema,
  /** Share of the training window, newest part, that is used for validation. */
  validationShare: z.number().gt(0).lt(0.5),
});

export type Training = z.infer<typeof trainingSchema>;

const XGBOOST_DEFAULTS = {
  rounds: 300,
  depth: 6,
  learningRate: 0.05,
  subsample: 1,
  minChildWeight: 1,
  seed: 2013,
  volumeGiB: 30,
  maxRuntime: '2h',
  spot: false,
  validationShare: 0.15,
} as const satisfies Partial<Training>;

type XgboostInput = Partial<Omit<Training, 'algorithm'>> & Omit<Training, 'algorithm' | keyof typeof XGBOOST_DEFAULTS>;

/** Gradient-boosted trees in script mode. */
export function xgboost(input: XgboostInput): Training {
  return { algorithm: 'xgboost', ...XGBOOST_DEFAULTS, ...input };
}

/** True when an instance type carries an NVIDIA GPU. */
export function hasGpu(instance: string): boolean {
  return /^ml\.(g\d|p\d)/.test(instance);
}
