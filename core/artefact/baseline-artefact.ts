import { type Model, modelInputs, type Platform } from '../definition';
import { taskOf } from '../tasks';
import { trainingSetColumn } from '../training-set';

/**
 * Files of the day-0 artefact, by name, without the inference code: what inference.py reads for a model that needed no training. It has
 * no vocabulary, so every category is accepted. Equal definitions give equal bytes.
 */
export function baselineArtefact(platform: Platform, model: Model): Record<string, string> {
  const features = modelInputs(platform, model).map(trainingSetColumn);
  const files = {
    ...taskOf(model).baselineFiles(model.baseline),
    'features.json': { features },
    'manifest.json': { schemaVersion: 1, model: model.name, task: model.task, algorithm: 'baseline', baseline: model.baseline },
  };
  return Object.fromEntries(Object.entries(files).map(([name, value]) => [name, json(value)]));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
