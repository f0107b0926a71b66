import { type Definition, dependencies, type Step } from './definition';
import type { ExecutionStatus, StepRecord } from './records';

const RUNNING: readonly unknown[] = ['Starting', 'Executing', 'Stopping'];
const DEFAULT_PARALLELISM = 50;

export const isRunning = (record: StepRecord): boolean => RUNNING.includes(record.status);

/** What is to be done next in an execution. */
export type Plan =
  | { readonly kind: 'start'; readonly steps: readonly Step[] }
  | { readonly kind: 'wait' }
  | { readonly kind: 'end'; readonly status: ExecutionStatus; readonly failureReason?: string };

function isReady(step: Step, records: ReadonlyMap<string, StepRecord>): boolean {
  if (records.has(step.name)) return false;
  if (step.branch !== undefined && records.get(step.branch.step)?.outcome !== step.branch.outcome) return false;
  return [...dependencies(step)].every((name) => records.get(name)?.status === 'Succeeded');
}

/** After a failure nothing new starts and what runs goes on to its end; steps of branches not taken never start. */
export function plan(
  definition: Definition,
  records: readonly StepRecord[],
  isStopping: boolean,
  parallelism = DEFAULT_PARALLELISM,
): Plan {
  const byName = new Map(records.map((record) => [record.name, record]));
  const running = records.filter(isRunning).length;
  const failed = records.filter(({ status }) => status === 'Failed');
  const ready = isStopping || failed.length > 0 ? [] : definition.steps.filter((step) => isReady(step, byName));
  if (ready.length > 0 && running < parallelism) return { kind: 'start', steps: ready.slice(0, parallelism - running) };
  if (running > 0) return { kind: 'wait' };
  if (isStopping) return { kind: 'end', status: 'Stopped' };
  if (failed.length === 0) return { kind: 'end', status: 'Succeeded' };
  const told = failed.find(({ type }) => type === 'Fail')?.failureReason;
  return { kind: 'end', status: 'Failed', failureReason: told ?? 'Step failure: One or multiple steps failed.' };
}
