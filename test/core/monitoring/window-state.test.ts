import fc from 'fast-check';
import type { ReferenceProfile } from '../../../core/drift';
import {
  addOutcomes,
  addPredictions,
  emptyWindow,
  labelled,
  type ObservedPrediction,
  parseWindow,
  windowStart,
} from '../../../core/monitoring';
import { platform } from '../../support/example-platform';

const model = platform.models[0] ?? fail();
const profile: ReferenceProfile = {
  features: {
    x: { type: 'numeric', edges: [0, 10], counts: [1, 1, 1], missing: 0, n: 3, min: -5, max: 20 },
    score: { type: 'numeric', edges: [0.5], counts: [1, 1], missing: 0, n: 2, min: 0, max: 1 },
  },
};

function fail(): never {
  throw new Error('the example has no model');
}

function prediction(sequence: number, x: number | null = 5, shard = 'a'): ObservedPrediction {
  return { shard, sequence: String(sequence), inputs: { x }, prediction: { score: 0.7, label: true } };
}

test('a window begins at a whole multiple of its length', () => {
  expect(windowStart(model, Date.UTC(2013, 3, 2, 23, 59))).toBe(Date.UTC(2013, 3, 2));
});

test('predictions are counted into the sketches of inputs and score', () => {
  const state = addPredictions(model, emptyWindow(model, '1', 0), profile, [
    prediction(1),
    prediction(2, null),
    prediction(3, 30),
  ]);

  expect(state.predictions).toBe(3);
  expect(state.sketches.x).toEqual({ counts: [0, 1, 1], missing: 1, n: 3, outside: 1 });
  expect(state.sketches.score?.n).toBe(3);
});

test('however a stream is cut into batches and repeated, the window is the same', () => {
  const streams = fc.array(fc.record({ x: fc.integer({ min: -9, max: 30 }), shard: fc.constantFrom('a', 'b') }), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(streams, fc.array(fc.nat(39), { maxLength: 5 }), (rows, cuts) => {
      const records = rows.map(({ x, shard }, at) => prediction(at + 1, x, shard));
      const whole = addPredictions(model, emptyWindow(model, '1', 0), profile, records);

      let state = emptyWindow(model, '1', 0);
      const ends = [...new Set(cuts.filter((cut) => cut < records.length)), records.length].toSorted((a, b) => a - b);
      // Each batch begins anew: everything before it is delivered a second time.
      for (const end of ends) state = addPredictions(model, state, profile, records.slice(0, end));

      expect(state).toEqual(whole);
    }),
  );
});

test('a sequence number with more digits is the later one', () => {
  const state = addPredictions(model, emptyWindow(model, '1', 0), profile, [prediction(9)]);

  expect(addPredictions(model, state, profile, [prediction(10)]).predictions).toBe(2);
  expect(addPredictions(model, state, profile, [prediction(8)])).toBe(state);

  const later = addPredictions(model, state, profile, [prediction(10)]);
  expect(addPredictions(model, later, profile, [prediction(9)])).toBe(later);
  expect(addPredictions(model, later, profile, [prediction(11)]).predictions).toBe(3);
});

test('outcomes fill the confusion and count once', () => {
  const outcomes = [
    { shard: 'a', sequence: '1', prediction: { score: 0.9, label: true }, outcome: model.label.above + 1 },
    { shard: 'a', sequence: '2', prediction: { score: 0.8, label: true }, outcome: model.label.above + 0 },
    { shard: 'a', sequence: '3', prediction: { score: 0.1, label: false }, outcome: model.label.above + 1 },
  ];
  const state = addOutcomes(model, emptyWindow(model, '1', 0), outcomes);

  expect(state.quality).toMatchObject({ confusion: { tp: 1, fp: 1, fn: 1, tn: 0 } });
  expect(labelled(model, state)).toBe(3);
  expect(addOutcomes(model, state, outcomes)).toBe(state);
});

test('a version without a profile has predictions and no sketches', () => {
  expect(addPredictions(model, emptyWindow(model, '1', 0), undefined, [prediction(1)])).toMatchObject({
    predictions: 1,
    sketches: {},
  });
});

test('positions go forward only, whatever the order within a batch', () => {
  const state = addPredictions(model, emptyWindow(model, '1', 0), profile, [prediction(12), prediction(9), prediction(11)]);

  expect(state.applied).toEqual({ 'prediction@a': '12' });
  expect(state.predictions).toBe(3);
});

test('a stored window is read back whole', () => {
  const outcome = { shard: 'a', sequence: '7', prediction: { score: 0.9, label: true }, outcome: model.label.above + 1 };
  const state = addOutcomes(model, addPredictions(model, emptyWindow(model, '1', 0), profile, [prediction(1)]), [outcome]);

  expect(parseWindow(model, JSON.parse(JSON.stringify(state)))).toEqual(state);
  expect(state.applied).toEqual({ 'prediction@a': '1', 'outcome@a': '7' });
});

test.each([
  ['a count below 0', { predictions: -1 }],
  ['half a prediction', { predictions: 0.5 }],
  ['no version', { version: undefined }],
  ['quality that the task does not know', { quality: { right: 3 } }],
  ['positions that are numbers', { applied: { 'prediction@a': 1 } }],
  ['a sketch that is none', { sketches: { x: 5 } }],
])('a window with %s is refused', (_, given) => {
  expect(() => parseWindow(model, { ...emptyWindow(model, '1', 0), ...given })).toThrow();
});
