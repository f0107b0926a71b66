import { binaryClassification } from './binary-classification';
import type { Task } from './task';

export * from './binary-classification';
export * from './task';

/** Every task: a folder beside this file (and one file of containers/platform/tasks/), and a line here. */
export const TASKS = [binaryClassification] as const;

export type TaskName = (typeof TASKS)[number]['name'];
type MetricOf<T> = T extends { readonly metrics: infer M } ? M[keyof M] : never;
/** Names of the CloudWatch metrics of live quality. */
export type QualityMetric = Extract<MetricOf<(typeof TASKS)[number]>, { live: string }>['live'];

const byName = new Map<string, Task>(TASKS.map((task) => [task.name, task]));

/** The rules of a model's task. */
export function taskOf({ task }: { readonly task: TaskName }): Task {
  const found = byName.get(task);
  if (found === undefined) throw new RangeError(`no task '${task}', allowed: ${[...byName.keys()].join(', ')}`);
  return found;
}
