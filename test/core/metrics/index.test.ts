import { modelDimensions } from '../../../core/metrics';

test('a metric is of a model in a stage, or of one of its inputs', () => {
  expect(modelDimensions('dev', 'eta')).toEqual({ Stage: 'dev', Model: 'eta' });
  expect(Object.keys(modelDimensions('dev', 'eta'))).toEqual(['Stage', 'Model']);
  expect(modelDimensions('dev', 'eta', 'distance')).toEqual({ Stage: 'dev', Model: 'eta', Feature: 'distance' });
});
