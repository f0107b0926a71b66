import type { ReferenceProfile } from '../../../core/drift';
import { addOutcomes, addPredictions, emptyWindow, windowReport } from '../../../core/monitoring';
import { platform } from '../../support/example-platform';

const model = platform.models[0] ?? fail();
const profile: ReferenceProfile = {
  features: {
    distance: { type: 'numeric', edges: [10, 20, 30], counts: [250, 250, 250, 250], missing: 0, n: 1000, min: 0, max: 40 },
  },
};

function fail(): never {
  throw new Error('the example has no model');
}

function windowOf(count: number, value: (at: number) => number) {
  const records = Array.from({ length: count }, (_, at) => ({
    shard: 's',
    sequence: String(at + 1),
    inputs: { distance: value(at) },
    prediction: { score: 0.5, label: true },
  }));
  return addPredictions(model, emptyWindow(model, '1', 0), profile, records);
}

test('values like those of training are far below the limit', () => {
  const report = windowReport(
    model,
    windowOf(400, (at) => (at * 7) % 40),
    profile,
  );

  expect(report.driftRatio).toBeLessThan(0.2);
  expect(report.drifted).toEqual([]);
});

test('a shift is named with statistic, value and limit', () => {
  const report = windowReport(
    model,
    windowOf(400, () => 35),
    profile,
  );

  expect(report.driftRatio).toBeGreaterThan(1);
  expect(report.drifted[0]?.input).toBe('distance');
  expect(report.drifted[0]?.breaches[0]).toMatchObject({ statistic: 'psi', limit: model.monitoring.drift.default.psi });
});

test('too few predictions give no verdict', () => {
  expect(
    windowReport(
      model,
      windowOf(model.monitoring.minSamples - 1, () => 35),
      profile,
    ),
  ).toMatchObject({ driftRatio: undefined, drifted: [] });
});

test('quality needs enough outcomes, and a ratio without denominator is absent', () => {
  const outcome = (at: number, predicted: boolean) => ({
    shard: 's',
    sequence: String(at),
    prediction: { score: 0.5, label: predicted },
    outcome: model.label.above + (at % 2 === 0 ? 1 : 0),
  });
  const few = addOutcomes(model, emptyWindow(model, '1', 0), [outcome(1, true)]);
  const never = addOutcomes(
    model,
    emptyWindow(model, '1', 0),
    Array.from({ length: 300 }, (_, at) => outcome(at + 1, false)),
  );

  expect(windowReport(model, few, undefined).quality).toEqual({});
  expect(windowReport(model, never, undefined).quality).toMatchObject({ recall: 0 });
  expect(windowReport(model, never, undefined).quality.precision).toBeUndefined();
});

test('precision waits for enough positive predictions, the other ratios do not', () => {
  const needed = model.gates.precision?.live?.minSamples ?? 0;
  const report = (positives: number) =>
    windowReport(
      model,
      addOutcomes(
        model,
        emptyWindow(model, '1', 0),
        Array.from({ length: 300 }, (_, at) => ({
          shard: 's',
          sequence: String(at),
          prediction: { score: at < positives ? 0.9 : 0.1, label: at < positives },
          outcome: model.label.above + (at % 4 === 0 ? 1 : 0),
        })),
      ),
      undefined,
    );

  expect(needed).toBeGreaterThan(1);
  expect(report(needed - 1).quality.precision).toBeUndefined();
  expect(report(needed - 1).quality.recall).toBeDefined();
  expect(report(needed).quality.precision).toBeCloseTo(0.25, 1);
});
