import { AwsError } from '../../../errors';
import type { RetryPolicy, Step, StepType } from './definition';
import type { StepRecord } from './records';

const RETRIED: readonly StepType[] = ['Processing', 'Training', 'Model', 'RegisterModel'];
const OF_THE_SERVICE = ['Step.SERVICE_FAULT', 'Step.THROTTLING'];

/** What retry policies call an error of an API call. */
export function exceptionsOf(error: unknown): readonly string[] {
  if (!(error instanceof AwsError)) return ['Step.SERVICE_FAULT'];
  if (/Throttl|TooManyRequests/.test(error.code)) return ['Step.THROTTLING'];
  if (error.code === 'ResourceLimitExceeded') return ['SageMaker.RESOURCE_LIMIT'];
  return (error.status ?? 400) >= 500 ? ['Step.SERVICE_FAULT'] : [];
}

/** What retry policies call the failure of a job. */
export function exceptionsOfJob(failureReason: string): readonly string[] {
  if (failureReason.startsWith('InternalServerError')) return ['SageMaker.JOB_INTERNAL_ERROR', 'Step.SERVICE_FAULT'];
  if (failureReason.startsWith('CapacityError')) return ['SageMaker.CAPACITY_ERROR'];
  return [];
}

/** The step's own policies, and AWS's own for faults of the service where the step says nothing of them. */
function policiesOf(step: Step): readonly RetryPolicy[] {
  const named = new Set(step.retryPolicies.flatMap(({ exceptions }) => exceptions));
  const exceptions = OF_THE_SERVICE.filter((exception) => !named.has(exception));
  return [...step.retryPolicies, { exceptions, intervalSeconds: 1, backoffRate: 2, maxAttempts: 5 }];
}

/** When a failed attempt is to be repeated, and which policy says so; undefined when the step has failed for good. */
export function nextAttempt(
  step: Step,
  record: Pick<StepRecord, 'retries' | 'started'>,
  exceptions: readonly string[],
  now: number,
): { readonly at: number; readonly policy: string } | undefined {
  if (!RETRIED.includes(step.type)) return undefined;
  for (const [index, policy] of policiesOf(step).entries()) {
    if (!policy.exceptions.some((exception) => exceptions.includes(exception))) continue;
    const done = record.retries[String(index)] ?? 0;
    const at = now + policy.intervalSeconds * 1000 * policy.backoffRate ** done;
    const late = policy.expireAfterMinutes !== undefined && at > record.started + policy.expireAfterMinutes * 60_000;
    if (late || (policy.maxAttempts !== undefined && done >= policy.maxAttempts)) return undefined;
    return { at, policy: String(index) };
  }
  return undefined;
}
