import type { ResourceProperties } from '../../cloud';
import type { StepContext } from './step-context';

export interface CustomAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, unknown>>;
  readonly NoEcho?: boolean;
  /** Nobody answered: this is CloudFormation's own word. */
  readonly timedOut?: boolean;
}

const MAX_ANSWER = 4096;

/** All scalars of a custom resource's properties arrive as text. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asText(item)]));
  return value === null || value === undefined ? value : String(value);
}

/** The answer in the text that a function sent; whatever is no answer fails the resource. */
export function readAnswer(text: string): CustomAnswer {
  if (Buffer.byteLength(text) > MAX_ANSWER) return { Status: 'FAILED', Reason: 'Response object is too long.' };
  try {
    const answer = JSON.parse(text) as Partial<CustomAnswer> | null;
    if (answer?.Status !== 'SUCCESS' && answer?.Status !== 'FAILED')
      return { Status: 'FAILED', Reason: 'Invalid Response object: Value of property Status must be SUCCESS or FAILED' };
    const { timedOut: _, ...known } = answer as CustomAnswer;
    return known;
  } catch {
    return { Status: 'FAILED', Reason: 'Invalid Response object: the body is not valid JSON' };
  }
}

/** An id in the form of a UUID that is the same in every attempt at one step. */
function requestId(token: string): string {
  return token.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** What the function of a custom resource is given. */
export function requestEvent(
  request: {
    readonly type: string;
    readonly kind: string;
    readonly id?: string;
    readonly properties: ResourceProperties;
    readonly previous?: ResourceProperties;
  },
  context: StepContext,
  url: string,
): object {
  return {
    RequestType: request.kind,
    RequestId: requestId(context.token),
    ResponseURL: url,
    StackId: context.stackId,
    LogicalResourceId: context.logicalId,
    ResourceType: request.type,
    ServiceToken: request.properties.ServiceToken,
    ...(request.id === undefined ? {} : { PhysicalResourceId: request.id }),
    ResourceProperties: asText(request.properties),
    ...(request.previous === undefined ? {} : { OldResourceProperties: asText(request.previous) }),
  };
}
