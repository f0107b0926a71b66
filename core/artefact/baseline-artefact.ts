import { type Model, modelInputs, type Platform } from '../definition';
import { trainingSetColumn } from '../training-set';

/**
 * Files of the day-0 artefact, by name, without the inference code: what inference.py reads for a model that needed no training. It has
 * no vocabulary, so every category is accepted. Equal definitions give equal bytes.
 */
export function baselineArtefact(platform: Platform, model: Model): Record<string, string> {
  const features = modelInputs(platform, model).map(trainingSetColumn);
  const { baseline } = model;
  const score =
    baseline.kind === 'prior'
      ? { type: 'prior', score: baseline.score }
      : {
          type: 'rule',
          feature: baseline.input,
          atLeast: baseline.atLeast,
          score: baseline.score,
          otherwise: baseline.otherwise,
        };
  return {
    'baseline.json': json(score),
    'features.json': json({ features }),
    'manifest.json': json({ schemaVersion: 1, model: model.name, algorithm: 'baseline', baseline: score }),
    'threshold.json': json({
      threshold: baseline.threshold,
      precisionTargetReached: false,
      reason: 'declared with the baseline',
    }),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
