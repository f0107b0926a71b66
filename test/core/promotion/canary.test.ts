import { canaryInstances, canaryShare } from '../../../core/promotion';

// CanarySize: whole instances, at most half of the fleet.
test.each([
  [1, 10, 1],
  [2, 10, 1],
  [3, 50, 1],
  [4, 50, 2],
  [10, 10, 1],
  [11, 10, 2],
  [20, 33, 7],
])('of %i instances a canary of %i %% is %i', (fleet, percent, instances) => {
  expect(canaryInstances(fleet, percent)).toBe(instances);
});

test('the share is told as it is', () => {
  expect(canaryShare(10, 10)).toBe('1 of 10 instances (10 %)');
  expect(canaryShare(2, 10)).toBe('1 of 2 instances (50 %, 10 % asked for)');
  expect(canaryShare(1, 10)).toBe('1 of 1 instances (100 %, 10 % asked for)');
});
