import {
  countDecision,
  decisionQuality,
  mergeConfusions,
  NO_DECISIONS,
} from '../../../../core/tasks/binary-classification/confusion';

test('decisions are counted by what was said and what happened', () => {
  const counts = countDecision(
    countDecision(countDecision(countDecision(NO_DECISIONS, true, true), true, false), false, true),
    false,
    false,
  );

  expect(counts).toEqual({ tp: 1, fp: 1, fn: 1, tn: 1 });
  expect(mergeConfusions(counts, counts)).toEqual({ tp: 2, fp: 2, fn: 2, tn: 2 });
});

test('ratios follow their definitions', () => {
  expect(decisionQuality({ tp: 6, fp: 2, fn: 3, tn: 9 })).toEqual({
    n: 20,
    precision: 0.75,
    recall: 6 / 9,
    f1: 12 / 17,
    accuracy: 0.75,
  });
});

test('what has no denominator is null, not zero', () => {
  expect(decisionQuality({ tp: 0, fp: 0, fn: 4, tn: 6 })).toMatchObject({ precision: null, recall: 0, f1: 0 });
  expect(decisionQuality(NO_DECISIONS)).toEqual({ n: 0, precision: null, recall: null, f1: null, accuracy: null });
});
