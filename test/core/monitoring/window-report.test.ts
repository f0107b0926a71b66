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

const { minSamples } = model.monitoring;

test('exactly as many predictions as are needed give a verdict, and statistics by input', () => {
  const shifted = windowReport(
    model,
    windowOf(minSamples, () => 35),
    profile,
  );
  const few = windowReport(
    model,
    windowOf(minSamples - 1, () => 35),
    profile,
  );

  expect(shifted.drifted.map(({ input }) => input)).toEqual(['distance']);
  expect(Object.keys(shifted.drift)).toEqual(['distance']);
  expect(few.drift).toEqual({});
});

test('an input that was seen in too few of the predictions is not judged', () => {
  const before = addPredictions(
    model,
    emptyWindow(model, '1', 0),
    undefined,
    Array.from({ length: minSamples }, (_, at) => ({
      shard: 't',
      sequence: String(at + 1),
      inputs: { distance: 35 },
      prediction: { score: 0.5, label: true },
    })),
  );
  const seen = (count: number) => {
    const { sketches } = windowOf(count, () => 35);
    return windowReport(model, { ...before, sketches }, profile);
  };

  expect(seen(minSamples - 1)).toMatchObject({ driftRatio: undefined, drifted: [] });
  expect(seen(minSamples).driftRatio).toBeGreaterThan(1);
  expect(windowReport(model, before, profile)).toMatchObject({ drift: {}, driftRatio: undefined, drifted: [] });
});

test('the worst input speaks for all of them', () => {
  const distance = profile.features.distance ?? fail();
  const two: ReferenceProfile = { features: { calm: distance, distance } };
  const window = windowOf(400, () => 35);
  const calm = windowOf(400, (at) => (at * 7) % 40).sketches.distance ?? fail();
  const shifted = window.sketches.distance ?? fail();
  const report = windowReport(model, { ...window, sketches: { calm, distance: shifted } }, two);

  expect(report.driftRatio).toBe(windowReport(model, window, profile).driftRatio);
  expect(report.drifted.map(({ input }) => input)).toEqual(['distance']);
});

test('exactly as many outcomes as are needed tell the quality', () => {
  const known = (count: number) =>
    windowReport(
      model,
      addOutcomes(
        model,
        emptyWindow(model, '1', 0),
        Array.from({ length: count }, (_, at) => ({
          shard: 's',
          sequence: String(at + 1),
          prediction: { score: 0.9, label: true },
          outcome: model.label.above + 1,
        })),
      ),
      undefined,
    );

  expect(known(minSamples)).toMatchObject({ outcomes: minSamples, quality: { recall: 1 } });
  expect(known(minSamples - 1)).toMatchObject({ outcomes: minSamples - 1, quality: {} });
});
