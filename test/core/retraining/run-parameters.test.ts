import { xgboost } from '../../../core/algorithms';
import type { Model } from '../../../core/definition';
import { pipelineOverrides, runParametersSchema } from '../../../core/retraining';

const model = { training: xgboost({}) } as unknown as Model;
const read = (given: object) => runParametersSchema(model).safeParse(given);

test('a run may change what its algorithm allows, and the code', () => {
  const given = { rounds: 1, depth: 2, sourceUrl: 's3://bucket/source.tar.gz' };

  expect(read(given).data).toEqual(given);
  expect(pipelineOverrides(model, given)).toEqual({ NumRound: '1', MaxDepth: '2', SourceUrl: 's3://bucket/source.tar.gz' });
  expect(pipelineOverrides(model, {})).toEqual({});
});

test.each([
  ['a value beyond the bounds of the definition', { rounds: 0 }],
  ['a parameter that is fixed', { learningRate: 0.5 }],
  ['an address outside S3', { sourceUrl: 'https://example.com/x' }],
  ['a number as text', { depth: '6' }],
])('%s is refused', (_, given) => {
  expect(read(given).success).toBe(false);
});

test('a parameter without a name in the pipeline is refused', () => {
  expect(() => pipelineOverrides(model, { seed: 1 })).toThrow("no parameter 'seed' of a run");
});
