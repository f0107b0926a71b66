import fc from 'fast-check';
import { prior, rule, binaryClassification as task } from '../../../../core/tasks/binary-classification';

const label = { name: 'late', source: 's', column: 'delay', joinOn: 'id', within: '2d', above: 15 } as const;
const gates = {
  precision: { min: 0.6, live: { floor: 0.5, minSamples: 2 } },
  calibrationError: { max: 0.1 },
  beatChampionBy: { metric: 'auc', margin: 0, significant: false },
  minRows: 10,
} as const;
const training = { precisionTarget: 0.7 };

const yes = { score: 0.9, label: true };
const no = { score: 0.1, label: false };

function qualityOf(rows: readonly (readonly [{ score: number; label: boolean }, number])[]) {
  return rows.reduce((state, [prediction, outcome]) => task.quality.add(state, prediction, outcome, label), task.quality.empty());
}

test('an outcome above the bound is a yes, one at it is not', () => {
  expect(
    qualityOf([
      [yes, 15.1],
      [yes, 15],
      [no, 16],
    ]).confusion,
  ).toEqual({ tp: 1, fp: 1, fn: 1, tn: 0 });
  expect(task.labelSql(label, 'x')).toBe('CASE WHEN x > 15E0 THEN 1 ELSE 0 END');
});

test('merged parts are the whole', () => {
  const rows = fc.array(
    fc.tuple(
      fc.record({ score: fc.double({ min: 0, max: 1, noNaN: true }), label: fc.boolean() }),
      fc.integer({ min: 0, max: 30 }),
    ),
  );
  fc.assert(
    fc.property(rows, rows, (a, b) => {
      expect(task.quality.merge(qualityOf(a), qualityOf(b))).toEqual(qualityOf([...a, ...b]));
      expect(task.quality.count(qualityOf(a))).toBe(a.length);
      expect(task.quality.schema.parse(qualityOf(a))).toEqual(qualityOf(a));
    }),
  );
});

test('precision waits for its samples; what has no denominator is absent', () => {
  expect(task.quality.report(qualityOf([[yes, 30]]), gates)).toEqual({
    recall: 1,
    f1: 1,
    expectedCalibrationError: expect.closeTo(0.0975, 10),
  });
  expect(
    task.quality.report(
      qualityOf([
        [yes, 30],
        [yes, 0],
      ]),
      gates,
    ),
  ).toMatchObject({ precision: 0.5, auc: 0.5 });
  expect(task.quality.report(qualityOf([]), gates)).toEqual({});
});

test('every metric that is reported of live traffic has a live name, and no other', () => {
  const reported = Object.keys(
    task.quality.report(
      qualityOf([
        [yes, 30],
        [yes, 0],
        [no, 0],
      ]),
      gates,
    ),
  );
  const named = Object.entries(task.metrics).flatMap(([name, metric]) => ('live' in metric ? [name] : []));

  expect(reported.toSorted()).toEqual(named.toSorted());
});

test('gates are bounds on metrics, and a floor that live traffic keeps', () => {
  expect(task.bounds({ ...gates, auc: { min: 0.8 }, recall: { min: 0.3 } })).toEqual([
    { metric: 'auc', min: 0.8 },
    { metric: 'precision', min: 0.6 },
    { metric: 'recall', min: 0.3 },
    { metric: 'expectedCalibrationError', max: 0.1 },
  ]);
  expect(task.floors(gates)).toEqual([{ metric: 'precision', floor: 0.5 }]);
  expect(task.floors({ ...gates, precision: { min: 0.6 } })).toEqual([]);
});

test('a prediction survives the log', () => {
  expect(task.fromLog(task.toLog(yes))).toEqual(yes);
  expect(task.toLog(no)).toEqual({ score: 0.1, predicted: 'false' });
  expect(() => task.fromLog({ score: 2, predicted: 'true' })).toThrow();
  expect(() => task.fromLog({ score: 0.5, predicted: '"perhaps"' })).toThrow();
});

test('the day-0 artefact scores by a prior or by a rule', () => {
  expect(task.baselineFiles(prior(0.24))).toEqual({
    'baseline.json': { type: 'prior', score: 0.24 },
    'threshold.json': { threshold: 0.5, precisionTargetReached: false, reason: 'declared with the baseline' },
  });
  expect(task.baselineFiles(rule('x', { atLeast: 3, score: 0.8, otherwise: 0.1, threshold: 0.4 }))['baseline.json']).toEqual({
    type: 'rule',
    feature: 'x',
    atLeast: 3,
    score: 0.8,
    otherwise: 0.1,
  });
});

test('what schemas cannot see is checked', () => {
  const baseline = rule('wind', { atLeast: 3, score: 0.8, otherwise: 0.1, threshold: 0.4 });

  expect(task.check({ gates: { ...gates, precision: { min: 0.71 } }, baseline, training }, ['x'])).toEqual([
    { path: 'baseline.input', message: "unknown input 'wind', allowed: x" },
    { path: 'gates.precision.min', message: 'must not exceed training.precisionTarget, given 0.71' },
  ]);
  expect(task.check({ gates: { ...gates, precision: { min: 0.7 } }, baseline: prior(0.2), training }, ['x'])).toEqual([]);
});

test('the training job is told the precision that its threshold must reach', () => {
  expect(task.hyperparameters(training)).toEqual({ precision_target: '0.7' });
});

test('every metric has its direction, and the name by which live traffic tells it', () => {
  expect(task.metrics).toEqual({
    auc: { better: 'higher', live: 'LiveAuc' },
    averagePrecision: { better: 'higher' },
    precision: { better: 'higher', live: 'LivePrecision' },
    recall: { better: 'higher', live: 'LiveRecall' },
    f1: { better: 'higher', live: 'LiveF1' },
    brier: { better: 'lower' },
    expectedCalibrationError: { better: 'lower', live: 'LiveCalibrationError' },
  });
  expect(task.headline).toEqual({ metric: 'auc', label: 'AUC' });
});

test('callers get the score, and the label beside it', () => {
  expect(task.outputs).toEqual(['score']);
  expect(task.outputsOf(yes)).toEqual({ score: 0.9 });
  expect(task.prediction.shape.label.description).toBe('Score at or above the operating threshold');
});

test.each([0, 1, '0.5'])('a precision target of %j is none', (precisionTarget) => {
  expect(task.training.precisionTarget.safeParse(precisionTarget).success).toBe(false);
});

test('a label is a column above a bound', () => {
  expect(task.label.parse(label)).toEqual(label);
  expect(task.label.safeParse({ ...label, above: undefined }).success).toBe(false);
  expect(task.label.safeParse({ ...label, below: 3 }).success).toBe(false);
});

test('quality that is read back has whole, positive counts in every bin', () => {
  const { confusion, scores } = qualityOf([[yes, 30]]);
  const read = (given: object) => task.quality.schema.safeParse({ confusion, scores, ...given }).success;

  expect(read({})).toBe(true);
  expect(read({ confusion: { ...confusion, tp: -1 } })).toBe(false);
  expect(read({ confusion: { ...confusion, tn: 0.5 } })).toBe(false);
  expect(read({ confusion: {} })).toBe(false);
  expect(read({ scores: { ...scores, positive: scores.positive.slice(1) } })).toBe(false);
  expect(read({ scores: { ...scores, negative: scores.negative.with(3, -1) } })).toBe(false);
  expect(read({ scores: {} })).toBe(false);
  expect(read({ scores: undefined })).toBe(false);
});

test('one positive prediction is enough for precision where nothing else is said', () => {
  expect(task.quality.report(qualityOf([[yes, 30]]), { ...gates, precision: { min: 0.6 } }).precision).toBe(1);
  expect(task.quality.report(qualityOf([[yes, 30]]), { ...gates, precision: undefined }).precision).toBe(1);
});

test('gates that are left out bound nothing', () => {
  const { precision: _, calibrationError: __, ...without } = gates;

  expect(task.bounds(without)).toEqual([]);
  expect(task.floors(without)).toEqual([]);
  expect(task.check({ gates: without, baseline: prior(0.2), training }, [])).toEqual([]);
});
