import { hasGpu } from '../../core/instance-types';
import { platform } from '../support/example-platform';

test('production trains on a GPU, development does not', () => {
  for (const { training } of platform.models) {
    expect(training.instanceTypes.prod?.every(hasGpu)).toBe(true);
    expect(training.instanceTypes.dev?.some(hasGpu)).toBe(false);
  }
});

test('production keeps its data and audit logs for at least six months', () => {
  const prod = platform.stages.find((stage) => stage.name === 'prod');

  expect(prod).toMatchObject({ removal: 'retain', terminationProtection: true });
  expect(prod?.auditLogRetentionDays).toBeGreaterThanOrEqual(180);
});

test('consumers have different plans', () => {
  const plans = platform.consumers.map((consumer) => JSON.stringify(consumer.plan));

  expect(new Set(plans).size).toBe(platform.consumers.length);
});
