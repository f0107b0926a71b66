import type { InvokeEndpointCommandInput, InvokeEndpointCommandOutput } from '@aws-sdk/client-sagemaker-runtime';
import type { Cloud } from '../../../cloud';
import { AwsError } from '../../../errors';
import type { Fleets, Target } from './fleets';
import { InvocationMetrics } from './invocation-metrics';
import { INVOCATION_LIMIT_MS, type ModelServer, Retired } from './model-server';
import type { EndpointStore } from './records';
import type { ModelResponse } from './server-client';

const MAX_BODY = 6_291_456;
const VISIBLE_ASCII = /^[\x20-\x7e]{0,1024}$/;
const EMPTY = Buffer.alloc(0);
const TIMED_OUT =
  'Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.';

type Input = Omit<InvokeEndpointCommandInput, 'Body'> & { readonly Body?: Uint8Array };
type Answer = Omit<InvokeEndpointCommandOutput, '$metadata' | 'Body'> & { readonly Body: Buffer };

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message, { status: 400, members: { Message: message } });
}

function check(input: Input): void {
  const unsupported = (
    ['TargetModel', 'TargetContainerHostname', 'InferenceComponentName', 'EnableExplanations', 'SessionId'] as const
  ).filter((name) => input[name] !== undefined);
  if (unsupported.length > 0) throw invalid(`The local AWS does not support ${unsupported.join(', ')} in InvokeEndpoint`);
  if ((input.Body?.length ?? 0) > MAX_BODY) {
    throw invalid(
      `1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BODY}`,
    );
  }
  for (const name of ['ContentType', 'Accept', 'CustomAttributes'] as const) {
    if (!VISIBLE_ASCII.test(input[name] ?? ''))
      throw invalid(`${name} must have at most 1024 characters, all of them visible ASCII`);
  }
}

function headersOf(input: Input): Record<string, string> {
  const headers: Record<string, string> = {};
  if (input.ContentType !== undefined) headers['Content-Type'] = input.ContentType;
  if (input.Accept !== undefined) headers.Accept = input.Accept;
  if (input.CustomAttributes !== undefined) headers['X-Amzn-SageMaker-Custom-Attributes'] = input.CustomAttributes;
  return headers;
}

/** The model's answer, or status 0 when none came in time. */
function inTime(work: Promise<ModelResponse>): Promise<ModelResponse> {
  return new Promise((resolve, reject) => {
    const late = { status: 0, headers: {}, body: Buffer.from(TIMED_OUT) };
    const limit = setTimeout(() => resolve(late), INVOCATION_LIMIT_MS);
    work.then(resolve, reject).finally(() => clearTimeout(limit));
  });
}

/** InvokeEndpoint: to the model server whose turn it is, with the metrics that SageMaker emits of it. */
export class Invocations {
  private readonly metrics: InvocationMetrics;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: EndpointStore,
    private readonly fleets: Fleets,
  ) {
    this.metrics = new InvocationMetrics(cloud);
  }

  readonly invoke = async (input: Input): Promise<Answer> => {
    const began = performance.now();
    check(input);
    const name = input.EndpointName ?? '';
    const { target, response, sent } = await this.route(name, input, new Set());
    const { status } = response;
    this.metrics.add(name, target, status, performance.now() - sent, sent - began);
    if (status < 200 || status > 299) throw this.modelError(name, target, response);
    return {
      Body: response.body,
      ContentType: response.headers['content-type'],
      InvokedProductionVariant: target.variant.name,
      CustomAttributes: response.headers['x-amzn-sagemaker-custom-attributes'],
    };
  };

  /** Sends a request to the server whose turn it is; if its fleet is replaced meanwhile, to one of the next. */
  private async route(
    name: string,
    input: Input,
    retired: Set<ModelServer>,
  ): Promise<{ target: Target; response: ModelResponse; sent: number }> {
    const target = this.target(name, input.TargetVariant);
    const { server } = target;
    try {
      await server.ready();
      const sent = performance.now();
      const request = { method: 'POST', path: '/invocations', headers: headersOf(input), body: input.Body ?? EMPTY } as const;
      return { target, response: await inTime(server.send(request)), sent };
    } catch (error) {
      if (error instanceof Retired && !retired.has(server)) return this.route(name, input, retired.add(server));
      return this.unavailable(name, target, error instanceof Error ? error.message : String(error));
    }
  }

  /** Ends, as a fault, a model server that answers for an endpoint (name or ARN) at this moment; false if none does. */
  killBusy(endpoint: string): boolean {
    return this.fleets.killBusy(endpoint.split('/').at(-1) ?? endpoint);
  }

  flush(): Promise<void> {
    return this.metrics.flush();
  }

  private target(name: string, variant: string | undefined): Target {
    const record = this.store.find(name);
    const serves = record?.status === 'InService' || record?.status === 'Updating';
    if (record === undefined || !serves) throw invalid(`Endpoint ${name} of account ${this.cloud.account} not found.`);
    const target = this.fleets.target(record, variant);
    if (target !== undefined) return target;
    throw invalid(`Variant ${variant ?? ''} of endpoint ${name} was not found or has no weight.`);
  }

  /** The server has died over this request or does not come up: that is SageMaker's failure, not the model's answer. */
  private unavailable(name: string, target: Target, reason: string): never {
    this.cloud.log('sagemaker', `model server of ${name}: ${reason}`);
    this.metrics.add(name, target, 503, undefined, 0);
    const message = 'The service is temporarily unavailable. Try again.';
    throw new AwsError('ServiceUnavailable', message, { status: 503, members: { Message: message } });
  }

  private modelError(name: string, { server }: Target, { status, body }: ModelResponse): AwsError {
    const { region, account } = this.cloud;
    const group = `/aws/sagemaker/Endpoints/${name}`;
    const text = body.toString('utf8');
    const kind = status >= 400 && status < 500 ? 'client' : 'server';
    const message = `Received ${kind} error (${status}) from primary with message "${text}". See https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${group} in account ${account} for more information.`;
    const LogStreamArn = `arn:aws:logs:${region}:${account}:log-group:${group}:log-stream:${server.log.stream}`;
    const members = { Message: message, OriginalStatusCode: status, OriginalMessage: text, LogStreamArn };
    return new AwsError('ModelError', message, { status: 424, members });
  }
}
