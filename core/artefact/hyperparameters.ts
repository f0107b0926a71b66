import { algorithmOf } from '../algorithms';
import type { Model } from '../definition';
import { taskOf } from '../tasks';

/** A model's training block in the names of its training job: those of the algorithm, and of the task; SageMaker wants strings. */
export function hyperparameters(model: Model): Record<string, string> {
  const { training } = model;
  return { ...algorithmOf(training).hyperparameters(training), ...taskOf(model).hyperparameters(training) };
}
