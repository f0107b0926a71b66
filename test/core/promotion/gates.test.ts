import type { Model } from '../../../core/definition';
import { contenderMetrics, type EvaluationReport, evaluationReportSchema, gatesDocument, judge } from '../../../core/promotion';

const gates: Model['gates'] = {
  auc: { min: 0.8 },
  precision: { min: 0.7 },
  calibrationError: { max: 0.1 },
  beatChampionBy: { metric: 'auc', margin: 0.01, significant: false },
  minRows: 100,
};

const model = { task: 'binary-classification', gates } as const;

function contender(auc: number | null, precision: number | null, calibrationError = 0.05): EvaluationReport['challenger'] {
  return {
    threshold: 0.5,
    metrics: { auc: { value: auc }, precision: { value: precision }, expectedCalibrationError: { value: calibrationError } },
  };
}

const report: EvaluationReport = {
  model: 'm',
  holdout: { rows: 100 },
  challenger: contender(0.85, 0.75),
  champion: contender(0.84, null),
  comparison: { auc: { value: 0.01, interval: [-0.001, 0.02] } },
  verdict: { passed: true, reasons: [] },
};

test('a challenger that reaches every gate passes', () => {
  expect(evaluationReportSchema.parse(report)).toEqual(report);
  expect(judge(model, report)).toEqual({ passed: true, reasons: [] });
});

test('every gate that is not passed is named with its numbers', () => {
  const bad = {
    ...report,
    holdout: { rows: 99 },
    challenger: contender(0.79, 0.6, 0.2),
    comparison: { auc: { value: -0.05 } },
  };

  const { passed, reasons } = judge(model, bad);
  expect(passed).toBe(false);
  expect(reasons).toEqual([
    'too-few-rows: 99 < 100',
    'auc-below-minimum: 0.79 < 0.8',
    'precision-below-minimum: 0.6 < 0.7',
    'expected-calibration-error-above-maximum: 0.2 > 0.1',
    'challenger-not-better: auc gains -0.05 < 0.01',
  ]);
});

test('a missing metric passes nothing', () => {
  expect(judge(model, { ...report, challenger: contender(null, null), comparison: null }).reasons).toEqual([
    'auc-missing',
    'precision-missing',
    'not-comparable: auc',
  ]);
});

test('a value on its bound passes, and so does the smallest gain that is asked for', () => {
  const edge = { ...report, challenger: contender(0.8, 0.7, 0.1) };

  expect(judge(model, edge)).toEqual({ passed: true, reasons: [] });
});

test('numbers are told with four decimals, and judged with all of them', () => {
  const close = { ...report, challenger: contender(0.799_96, 0.75), comparison: { auc: { value: 0.009_96 } } };

  expect(judge(model, close).reasons).toEqual(['auc-below-minimum: 0.8 < 0.8', 'challenger-not-better: auc gains 0.01 < 0.01']);
});

test('without a champion there is nothing to beat', () => {
  expect(judge(model, { ...report, champion: null, comparison: null }).passed).toBe(true);
});

test('a gain that may be chance is refused where significance is asked for', () => {
  const strict = { ...model, gates: { ...gates, beatChampionBy: { ...gates.beatChampionBy, significant: true } } };

  const withInterval = (low: number) => ({
    ...report,
    comparison: { auc: { value: 0.01, interval: [low, 0.02] as [number, number] } },
  });

  expect(judge(strict, report)).toEqual({ passed: false, reasons: ['gain-not-significant: auc may gain -0.001'] });
  expect(judge(strict, withInterval(0)).reasons).toEqual(['gain-not-significant: auc may gain 0']);
  expect(judge(strict, withInterval(0.0001)).passed).toBe(true);
  expect(judge(strict, { ...report, comparison: { auc: { value: 0.01 } } }).reasons).toEqual([
    'gain-not-significant: auc may gain -Infinity',
  ]);
});

test('the evaluation job gets the gates in its own names', () => {
  expect(gatesDocument(model)).toEqual({
    auc: { min: 0.8 },
    precision: { min: 0.7 },
    expectedCalibrationError: { max: 0.1 },
    beatChampionBy: { metric: 'auc', min: 0.01, significant: false },
    minRows: 100,
  });
});

test('undefined metrics are left out of timelines', () => {
  expect(contenderMetrics(contender(0.8, null))).toEqual({ auc: 0.8, expectedCalibrationError: 0.05 });
});

test.each([
  [{ model: undefined }],
  [{ holdout: {} }],
  [{ holdout: { rows: -1 } }],
  [{ challenger: { metrics: {} } }],
  [{ challenger: { threshold: 0.5, metrics: { auc: 0.9 } } }],
  [{ comparison: { auc: { value: 0.01, interval: [0.01] } } }],
  [{ verdict: { passed: 'yes', reasons: [] } }],
  [{ verdict: { passed: true } }],
])('a report with %j is not read', (change) => {
  expect(evaluationReportSchema.safeParse({ ...report, ...change }).success).toBe(false);
});
