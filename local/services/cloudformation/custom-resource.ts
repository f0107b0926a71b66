import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cloud, HttpRoute, ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';

interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, unknown>>;
}

const DEFAULT_TIMEOUT_SECONDS = 3600;
const MAX_ANSWER = 4096;

/** All scalars of a custom resource's properties arrive as text. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asText(item)]));
  return value === null || value === undefined ? value : String(value);
}

/** The answer in the text that a function sent; whatever is no answer fails the resource. */
function readAnswer(text: string): Answer {
  if (Buffer.byteLength(text) > MAX_ANSWER) return { Status: 'FAILED', Reason: 'Response object is too long.' };
  try {
    const answer = JSON.parse(text) as Partial<Answer> | null;
    if (answer?.Status === 'SUCCESS' || answer?.Status === 'FAILED') return answer as Answer;
    return { Status: 'FAILED', Reason: `Invalid Response object: Value of property Status must be SUCCESS or FAILED` };
  } catch {
    return { Status: 'FAILED', Reason: 'Invalid Response object: the body is not valid JSON' };
  }
}

/** Custom resources: their Lambda is invoked asynchronously and answers by a PUT to a one-time URL. */
export class CustomResources implements HttpRoute {
  private readonly waiting = new Map<string, (answer: Answer) => void>();

  constructor(private readonly cloud: Cloud) {}

  private get host(): string {
    return `cloudformation-custom-resource-response-${this.cloud.region}.s3.${this.cloud.region}.amazonaws.com`;
  }

  matches(request: IncomingMessage): boolean {
    return request.headers.host?.startsWith('cloudformation-custom-resource-response-') === true;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const token = (request.url ?? '').split('?')[0]?.slice(1) ?? '';
    const settle = this.waiting.get(token);
    if (settle === undefined) {
      response.writeHead(403).end();
      return;
    }
    this.waiting.delete(token);
    settle(readAnswer(text));
    response.writeHead(200).end();
  }

  handler(type: string): ResourceType {
    return {
      type,
      enforced: [],
      stored: {},
      create: (properties, context) => this.request(type, 'Create', undefined, properties, undefined, context),
      update: (id, properties, previous, context) => this.request(type, 'Update', id, properties, previous, context),
      delete: async (id, properties, context) => void (await this.request(type, 'Delete', id, properties, undefined, context)),
    };
  }

  private async request(
    type: string,
    kind: string,
    id: string | undefined,
    properties: ResourceProperties,
    previous: ResourceProperties | undefined,
    context: ResourceContext,
  ): Promise<ResourceOutcome> {
    const token = randomBytes(24).toString('hex');
    const seconds = Number(properties.ServiceTimeout ?? DEFAULT_TIMEOUT_SECONDS);
    const answered = new Promise<Answer>((resolve) => this.waiting.set(token, resolve));
    const timer = setTimeout(() => {
      this.waiting.get(token)?.({
        Status: 'FAILED',
        Reason: 'CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId.',
      });
      this.waiting.delete(token);
    }, seconds * 1000);
    const event = {
      RequestType: kind,
      RequestId: randomUUID(),
      ResponseURL: `https://${this.host}/${token}`,
      StackId: context.stackId,
      LogicalResourceId: context.logicalId,
      ResourceType: type,
      ServiceToken: properties.ServiceToken,
      ...(id === undefined ? {} : { PhysicalResourceId: id }),
      ResourceProperties: asText(properties),
      ...(previous === undefined ? {} : { OldResourceProperties: asText(previous) }),
    };
    try {
      await this.invoke(String(properties.ServiceToken), event, context, token);
      const answer = await answered;
      if (answer.Status !== 'SUCCESS')
        throw new AwsError(
          'GeneralServiceException',
          `Received response status [FAILED] from custom resource. Message returned: ${answer.Reason ?? 'none'}`,
        );
      return {
        id: answer.PhysicalResourceId ?? id ?? `${context.stackName}-${context.logicalId}`,
        attributes: answer.Data ?? {},
      };
    } finally {
      clearTimeout(timer);
      this.waiting.delete(token);
    }
  }

  /** The invocation is asynchronous for the function; a function that cannot even be invoked fails the resource at once. */
  private async invoke(serviceToken: string, event: object, context: ResourceContext, token: string): Promise<void> {
    const input = { FunctionName: serviceToken, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(event)) };
    await context.call('lambda', 'Invoke', input).catch((error: unknown) => {
      this.waiting.delete(token);
      throw error;
    });
  }
}
