import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Failure } from './failure';
import type { Target } from './target';

/** Invokes one of the platform's functions and gives its answer; throws Failure with the function's own error. */
export async function invokeFunction(target: Target, name: string, payload: object): Promise<unknown> {
  const { FunctionError, Payload } = await new LambdaClient(target.client).send(
    new InvokeCommand({ FunctionName: target.names.of(name), Payload: JSON.stringify(payload) }),
  );
  const text = Buffer.from(Payload ?? []).toString('utf8');
  const answer: unknown = text === '' ? undefined : JSON.parse(text);
  if (FunctionError === undefined) return answer;
  const message = typeof answer === 'object' && answer !== null && 'errorMessage' in answer ? String(answer.errorMessage) : text;
  throw new Failure(`${name}: ${message}`);
}
