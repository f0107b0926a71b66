import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import * as z from 'zod';
import { once } from '../../core/once';
import { ApiProblem } from '../runtime/api';

/** What a model server answers; each prediction is of the model's task. */
export interface ModelAnswer {
  readonly model_version: string;
  readonly predictions: readonly object[];
}

export interface ModelCall {
  readonly endpoint: string;
  /** Model inputs. */
  readonly rows: readonly object[];
  /** Schema of one prediction. */
  readonly prediction: z.ZodType;
  readonly requestId: string;
}

export interface ModelEndpoint {
  /** Scores rows of model inputs; rejects with the problem to answer. */
  invoke(call: ModelCall): Promise<ModelAnswer>;
}

const RETRY_SECONDS = 10;

/** Building a schema costs more than reading an answer. */
const answerSchema = once((prediction: z.ZodType) =>
  z.object({ model_version: z.string(), predictions: z.array(z.pipe(prediction, z.looseObject({}))) }),
);

/** A SageMaker endpoint; its errors become the API's problems. */
export class SageMakerEndpoint implements ModelEndpoint {
  constructor(private readonly client: SageMakerRuntimeClient) {}

  async invoke({ endpoint, rows, prediction, requestId }: ModelCall): Promise<ModelAnswer> {
    const command = new InvokeEndpointCommand({
      EndpointName: endpoint,
      ContentType: 'application/json',
      Accept: 'application/json',
      InferenceId: requestId,
      Body: JSON.stringify({ instances: rows }),
    });
    const answer = await this.client.send(command).catch((error: unknown) => {
      throw problemOf(error);
    });
    const parsed = answerSchema(prediction).safeParse(readJson(Buffer.from(answer.Body ?? []).toString('utf8')));
    if (!parsed.success || parsed.data.predictions.length !== rows.length)
      throw new ApiProblem('model_error', 'the model gave an answer of another shape');
    return parsed.data;
  }
}

/** Undefined for what is no JSON, such as a NaN that Python writes. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const status = Reflect.get(error, 'OriginalStatusCode');
  switch (error.name) {
    case 'ModelError':
      return typeof status === 'number' && status < 500
        ? new ApiProblem('schema_violation', 'the model refused the input', [refusal(error)])
        : new ApiProblem('model_error', 'the model failed on the input');
    case 'ValidationError':
    case 'ModelNotReadyException':
      return new ApiProblem('model_not_ready', 'the model is not in service', [], RETRY_SECONDS);
    case 'TimeoutError':
      return new ApiProblem('model_timeout', 'the model gave no answer in time');
    case 'ThrottlingException':
    case 'ServiceUnavailable':
    case 'InternalDependencyException':
      return new ApiProblem('unavailable', 'the model server is unavailable', [], RETRY_SECONDS);
    default:
      return error;
  }
}

function refusal(error: Error) {
  const message = Reflect.get(error, 'OriginalMessage');
  return { pointer: '/instances', code: 'refused', message: typeof message === 'string' ? message.slice(0, 500) : 'was refused' };
}
