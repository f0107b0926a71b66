import { driftLimitsSchema } from '../../../core/definition';
import { type DriftStatistics, driftRatio, driftVerdict, STATISTIC_NAMES } from '../../../core/drift';

const calm: DriftStatistics = {
  psi: 0.1,
  jensenShannon: 0.1,
  kolmogorovSmirnov: 0,
  missingIncrease: -0.1,
  outOfRange: 0,
};

test('a breach is strictly above its limit and names value and limit', () => {
  expect(driftVerdict({ ...calm, psi: 0.25 }, { psi: 0.25 }, 100, 100)).toEqual({ state: 'stable', breaches: [] });
  expect(driftVerdict({ ...calm, psi: 0.3, outOfRange: 1 }, { psi: 0.25 }, 100, 100)).toEqual({
    state: 'drifted',
    breaches: [{ statistic: 'psi', value: 0.3, limit: 0.25 }],
  });
});

test('too few samples give no verdict', () => {
  expect(driftVerdict({ ...calm, psi: 9 }, { psi: 0.25 }, 100, 101)).toEqual({ state: 'insufficient', n: 100, needed: 101 });
});

test('the ratio is the worst statistic as a share of its limit', () => {
  expect(driftRatio(calm, { psi: 0.2, jensenShannon: 0.4 })).toBe(0.5);
  expect(driftRatio(calm, { missingIncrease: 0.1 })).toBe(0);
  expect(driftRatio({ ...calm, outOfRange: 0.01 }, { outOfRange: 0 })).toBe(2);
  expect(driftRatio(calm, { outOfRange: 0 })).toBe(0);
  expect(driftRatio(calm, {})).toBeUndefined();
});

test('every statistic of the list can be limited', () => {
  for (const statistic of STATISTIC_NAMES) {
    const limits = driftLimitsSchema.parse({ [statistic]: 0.5 });

    expect(driftVerdict({ ...calm, [statistic]: 0.6 }, limits, 1, 1)).toEqual({
      state: 'drifted',
      breaches: [{ statistic, value: 0.6, limit: 0.5 }],
    });
    expect(driftRatio({ ...calm, [statistic]: 0.6 }, limits)).toBeCloseTo(1.2, 12);
  }
});
