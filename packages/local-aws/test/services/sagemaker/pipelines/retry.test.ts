import type { RetryPolicy, Step } from '../../../../src/services/sagemaker/pipelines/definition';
import { nextAttempt } from '../../../../src/services/sagemaker/pipelines/retry';

const step = (retryPolicies: RetryPolicy[], type: Step['type'] = 'Training'): Step => ({
  name: 'Train',
  type,
  arguments: {},
  dependsOn: [],
  retryPolicies,
  propertyFiles: [],
  outputs: [],
  conditions: [],
});
const capacity: RetryPolicy = { exceptions: ['SageMaker.CAPACITY_ERROR'], intervalSeconds: 60, backoffRate: 2, maxAttempts: 2 };

describe('nextAttempt', () => {
  it.each<[string, Step, Record<string, number>, string[], number | undefined]>([
    ['repeats what the policy names after its interval', step([capacity]), {}, ['SageMaker.CAPACITY_ERROR'], 61_000],
    ['waits longer each time', step([capacity]), { '0': 1 }, ['SageMaker.CAPACITY_ERROR'], 121_000],
    ['gives up after the last attempt', step([capacity]), { '0': 2 }, ['SageMaker.CAPACITY_ERROR'], undefined],
    ['does not repeat what no policy names', step([capacity]), {}, ['SageMaker.RESOURCE_LIMIT'], undefined],
    ['repeats faults of the service without a policy', step([]), {}, ['Step.SERVICE_FAULT'], 2000],
    ['never repeats a function', step([], 'Lambda'), {}, ['Step.SERVICE_FAULT'], undefined],
    [
      'ends with its time',
      step([{ exceptions: ['Step.THROTTLING'], intervalSeconds: 90, backoffRate: 2, expireAfterMinutes: 1 }]),
      {},
      ['Step.THROTTLING'],
      undefined,
    ],
  ])('%s', (_, given, retries, exceptions, expected) => {
    expect(nextAttempt(given, { retries, started: 0 }, exceptions, 1000)?.at).toBe(expected);
  });
});
