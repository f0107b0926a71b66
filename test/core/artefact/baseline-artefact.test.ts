import { baselineArtefact } from '../../../core/artefact';
import { rule } from '../../../core/definition';
import { platform } from '../../support/example-platform';

const [model] = platform.models;

test('the day-0 artefact holds what inference reads, twice the same', () => {
  if (model === undefined) throw new Error('the example has no model');

  const files = baselineArtefact(platform, model);

  expect(Object.keys(files).toSorted()).toEqual(['baseline.json', 'features.json', 'manifest.json', 'threshold.json']);
  expect(JSON.parse(files['baseline.json'] ?? '')).toEqual({ type: 'prior', score: 0.24 });
  expect(JSON.parse(files['features.json'] ?? '').features.slice(0, 2)).toEqual([
    { name: 'carrier', type: 'category', unknown: 'missing' },
    { name: 'origin', type: 'category', unknown: 'reject' },
  ]);
  expect(JSON.parse(files['threshold.json'] ?? '').threshold).toBe(0.5);
  expect(JSON.parse(files['manifest.json'] ?? '')).toEqual({
    schemaVersion: 1,
    model: model.name,
    task: model.task,
    algorithm: 'baseline',
    baseline: model.baseline,
  });
  expect(baselineArtefact(platform, model)).toEqual(files);
});

test('a rule names its input', () => {
  if (model === undefined) throw new Error('the example has no model');
  const baseline = rule('distance', { atLeast: 10, score: 0.6, otherwise: 0.1, threshold: 0.5 });

  const files = baselineArtefact(platform, { ...model, baseline });

  expect(JSON.parse(files['baseline.json'] ?? '')).toEqual({
    type: 'rule',
    feature: 'distance',
    atLeast: 10,
    score: 0.6,
    otherwise: 0.1,
  });
});
