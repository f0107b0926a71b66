import { type DriftStatistics, driftRatio, driftVerdict } from '../../../core/drift';

const calm: DriftStatistics = {
  n: 100,
  psi: 0.1,
  jensenShannon: 0.1,
  kolmogorovSmirnov: 0,
  missingRate: 0,
  missingIncrease: -0.1,
  outOfRange: 0,
};

test('a breach is strictly above its limit and names value and limit', () => {
  expect(driftVerdict({ ...calm, psi: 0.25 }, { psi: 0.25 }, 100)).toEqual({ state: 'stable', breaches: [] });
  expect(driftVerdict({ ...calm, psi: 0.3, outOfRange: 1 }, { psi: 0.25 }, 100)).toEqual({
    state: 'drifted',
    breaches: [{ statistic: 'psi', value: 0.3, limit: 0.25 }],
  });
});

test('too few samples give no verdict', () => {
  expect(driftVerdict({ ...calm, psi: 9 }, { psi: 0.25 }, 101)).toEqual({ state: 'insufficient', n: 100, needed: 101 });
  expect(driftRatio({ ...calm, psi: 9 }, { psi: 0.25 }, 101)).toBeUndefined();
});

test('the ratio is the worst statistic as a share of its limit', () => {
  expect(driftRatio(calm, { psi: 0.2, jensenShannon: 0.4 }, 1)).toBe(0.5);
  expect(driftRatio(calm, { missingIncrease: 0.1 }, 1)).toBe(0);
  expect(driftRatio({ ...calm, outOfRange: 0.01 }, { outOfRange: 0 }, 1)).toBeGreaterThan(1);
  expect(driftRatio(calm, {}, 1)).toBeUndefined();
});
