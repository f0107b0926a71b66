import fc from 'fast-check';
import {
  auc,
  calibration,
  calibrationError,
  countScore,
  emptyScoreHistogram,
  mergeScoreHistograms,
} from '../../../../core/tasks/binary-classification/score-histogram';

type Row = readonly [score: number, actual: boolean];

function histogramOf(rows: readonly Row[]) {
  return rows.reduce((histogram, [score, actual]) => countScore(histogram, score, actual), emptyScoreHistogram());
}

test('AUC agrees with sklearn.metrics.roc_auc_score where no two scores share a bin', () => {
  const rows = Array.from({ length: 100 }, (_, i): Row => [((i * 37) % 100) / 100 + 0.0025, (i * i * 7 + i) % 3 === 0]);

  expect(auc(histogramOf(rows))).toBeCloseTo(0.5020352781546811, 12);
});

test('AUC counts pairs, ties half', () => {
  const row = fc.tuple(
    fc.integer({ min: 0, max: 199 }).map((bin) => (bin + 0.5) / 200),
    fc.boolean(),
  );
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
      const pairs = rows
        .filter(([, yes]) => yes)
        .flatMap(([a]) => rows.filter(([, yes]) => !yes).map(([b]) => (a > b ? 1 : a === b ? 0.5 : 0)));
      const expected = pairs.length === 0 ? null : pairs.reduce((x: number, y) => x + y, 0) / pairs.length;

      const area = auc(histogramOf(rows));

      if (expected === null) expect(area).toBeNull();
      else expect(area).toBeCloseTo(expected, 12);
    }),
  );
});

test('calibration compares mean score and rate per span', () => {
  const histogram = histogramOf([
    [0.2525, true],
    [0.2525, false],
    [0.2525, false],
    [0.2525, false],
    [1, true],
  ]);

  expect(calibration(histogram)).toEqual([
    { n: 4, score: expect.closeTo(0.2525, 10), rate: 0.25 },
    { n: 1, score: expect.closeTo(0.9975, 10), rate: 1 },
  ]);
  expect(calibrationError(histogram)).toBeCloseTo(0.8 * 0.0025 + 0.2 * 0.0025, 10);
  expect(calibrationError(emptyScoreHistogram())).toBeNull();
});

test('merging adds up', () => {
  const [a, b]: [Row[], Row[]] = [
    [
      [0, true],
      [0.5, false],
    ],
    [
      [0.5, false],
      [1, true],
    ],
  ];

  expect(mergeScoreHistograms(histogramOf(a), histogramOf(b))).toEqual(histogramOf([...a, ...b]));
});

test('a score at a bin is in it, and the ends of the scale are in the first and the last', () => {
  const binOf = (score: number) => countScore(emptyScoreHistogram(), score, true).positive.indexOf(1);

  expect([0, 0.0049, 0.005, 0.5, 0.9949, 0.995, 1].map(binOf)).toEqual([0, 0, 1, 100, 198, 199, 199]);
  expect([-0.1, 1.1].map(binOf)).toEqual([0, 199]);
  expect(countScore(emptyScoreHistogram(), 0.5, false).positive).toEqual(emptyScoreHistogram().positive);
});

test('a score where two spans meet is in the upper one alone', () => {
  const histogram = histogramOf([
    [0.0975, true],
    [0.1, false],
    [0.1, true],
  ]);

  expect(calibration(histogram).map(({ n, rate }) => [n, rate])).toEqual([
    [1, 1],
    [2, 0.5],
  ]);
});
