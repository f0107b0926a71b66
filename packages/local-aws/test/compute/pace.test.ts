import { Pace } from '../../src/compute/pace';

test('the pace is unknown before the first invocation', () => {
  expect(new Pace().shortestMs).toBe(Number.POSITIVE_INFINITY);
});

test('one long invocation does not change the pace, and a function that became slow has a new one after a while', () => {
  const pace = new Pace();
  for (const durationMs of [3, 2, 900]) pace.note(durationMs);
  expect(pace.shortestMs).toBe(2);

  for (let count = 0; count < 64; count += 1) pace.note(50);

  expect(pace.shortestMs).toBe(50);
});
