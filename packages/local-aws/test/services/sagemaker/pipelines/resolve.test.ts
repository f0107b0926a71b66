import type { Value } from '../../../../src/services/sagemaker/pipelines/definition';
import { resolve, type Scope } from '../../../../src/services/sagemaker/pipelines/resolve';

const outputs: Readonly<Record<string, unknown>> = {
  Prepare: {
    ProcessingOutputConfig: { Outputs: [{ OutputName: 'train', S3Output: { S3Uri: 's3://b/train' } }] },
    CreationTime: new Date(0),
  },
  Notify: { OutputParameters: { decision: 'go' } },
};

const scope: Scope = {
  parameter: (name) => ({ Days: 30, Share: 0.5, Warm: false })[name],
  execution: (name) => ({ PipelineExecutionId: 'p4jn9xou8a8s' })[name],
  outputs: (step) => outputs[step],
  propertyFile: (step, file) => (step === 'Evaluate' && file === 'Report' ? 's3://b/report/evaluation.json' : undefined),
  readJson: async (uri) => ({ uri, metrics: [{ auc: { value: 0.8 } }], 'a key': true }),
};

describe('resolve', () => {
  const get = (path: string): Value => ({ Get: path });
  const jsonGet = (path: string): Value => ({
    'Std:JsonGet': { PropertyFile: get('Steps.Evaluate.PropertyFiles.Report'), Path: path },
  });

  it.each<[string, Value, Value]>([
    ['plain JSON as it is', { a: [1, 'x', null, true] }, { a: [1, 'x', null, true] }],
    ['a parameter with its type', get('Parameters.Days'), 30],
    ['a parameter that is false', get('Parameters.Warm'), false],
    ['a fact of the execution', get('Execution.PipelineExecutionId'), 'p4jn9xou8a8s'],
    [
      'an entry of a list by its name',
      get("Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"),
      's3://b/train',
    ],
    ['an entry of a list by its place', get('Steps.Prepare.ProcessingOutputConfig.Outputs[0].OutputName'), 'train'],
    ['an output of a function', get("Steps.Notify.OutputParameters['decision']"), 'go'],
    ['a time as text', get('Steps.Prepare.CreationTime'), '1970-01-01T00:00:00.000Z'],
    ['a join of text and numbers', { 'Std:Join': { On: '/', Values: ['s3:/', 'b', get('Parameters.Days')] } }, 's3://b/30'],
    ['a join of one number', { 'Std:Join': { On: '', Values: [get('Parameters.Share')] } }, '0.5'],
    ['a value in a property file', jsonGet('metrics[0].auc.value'), 0.8],
    ['a value under a key with a space', jsonGet("['a key']"), true],
    ['a JsonPath from the root', jsonGet('$.uri'), 's3://b/report/evaluation.json'],
    ['a value in a file by its address', { 'Std:JsonGet': { S3Uri: 's3://x/y.json', Path: 'uri' } }, 's3://x/y.json'],
    ['references at any depth', { a: [{ b: get('Parameters.Days') }] }, { a: [{ b: 30 }] }],
  ])('gives %s', async (_, value, expected) => {
    expect(await resolve(value, scope)).toEqual(expected);
  });

  it.each<[string, Value, string]>([
    ['a step without that property', get('Steps.Prepare.Nothing'), "'Steps.Prepare.Nothing' has no value"],
    [
      'a path that is not in the file',
      jsonGet('metrics[4].auc'),
      "s3://b/report/evaluation.json has nothing at 'metrics[4].auc'",
    ],
    ['a file that no step has', { 'Std:JsonGet': { PropertyFile: get('Steps.X.PropertyFiles.Y'), Path: 'a' } }, 'has no address'],
    ['a path that cannot be read', get('Steps.Prepare[x'), "cannot be read at '[x'"],
  ])('refuses %s', async (_, value, message) => {
    await expect(resolve(value, scope)).rejects.toThrow(message);
  });
});
