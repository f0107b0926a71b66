import type { Training } from '../definition';

/** A model's training block in the names of the training job (containers/xgboost/train.py); SageMaker wants strings. */
export function hyperparameters(training: Training): Record<string, string> {
  return {
    num_round: String(training.rounds),
    max_depth: String(training.depth),
    eta: String(training.learningRate),
    subsample: String(training.subsample),
    min_child_weight: String(training.minChildWeight),
    seed: String(training.seed),
    precision_target: String(training.precisionTarget),
  };
}
