import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { binaryClassification } from '../../../core/tasks';
import { SageMakerEndpoint } from '../../../lambda/adapters/model-endpoint';

const { prediction } = binaryClassification;

function endpoint(answer: string | Error): SageMakerEndpoint {
  const send = async () => {
    if (answer instanceof Error) throw answer;
    return { Body: Buffer.from(answer) };
  };
  return new SageMakerEndpoint({ send } as unknown as SageMakerRuntimeClient);
}

const ask = (answer: string | Error) =>
  endpoint(answer).invoke({ endpoint: 'e', rows: [{ a: 1 }], prediction, requestId: 'request-1' });
const failure = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });

test('an answer is read', async () => {
  const text = '{"model_version":"2","predictions":[{"score":0.5,"label":true}]}';

  await expect(ask(text)).resolves.toEqual(JSON.parse(text));
});

test.each([
  ['no JSON', 'oops'],
  ['a NaN', '{"model_version":"2","predictions":[{"score":NaN,"label":true}]}'],
  ['too few predictions', '{"model_version":"2","predictions":[]}'],
  ['another shape', '{"score":1}'],
  ['a score beyond its range', '{"model_version":"2","predictions":[{"score":1.1,"label":true}]}'],
])('%s is a failure of the model', async (_, text) => {
  await expect(ask(text)).rejects.toMatchObject({ code: 'model_error' });
});

test.each([
  ['a refusal of the input', failure('ModelError', { OriginalStatusCode: 400, OriginalMessage: 'why' }), 'schema_violation'],
  ['a crash', failure('ModelError', { OriginalStatusCode: 500 }), 'model_error'],
  ['an endpoint that is not there yet', failure('ValidationError'), 'model_not_ready'],
  ['no answer in time', failure('TimeoutError'), 'model_timeout'],
  ['throttling', failure('ThrottlingException'), 'unavailable'],
])('%s has its own problem', async (_, error, code) => {
  await expect(ask(error)).rejects.toMatchObject({ code });
});

test('what is not foreseen is not dressed up', async () => {
  const error = failure('AccessDeniedException');

  await expect(ask(error)).rejects.toBe(error);
});
