import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cloud, HttpRoute, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import type { Table } from '../../storage/storage';
import { type CustomAnswer, readAnswer, requestEvent } from './custom-messages';
import { FailedCreation, RefusedUpdate } from './provisioner';
import { type StepContext, Stopped } from './step-context';
import { templateError } from './template';

interface RequestRecord {
  readonly stackId: string;
  /** Simulated epoch ms until which an answer counts. */
  readonly deadline: number;
  readonly answer?: CustomAnswer;
}

interface Wait {
  readonly stackId: string;
  readonly settle: (answer: CustomAnswer) => void;
  readonly reject: (error: Error) => void;
}

interface Request {
  readonly type: string;
  readonly kind: 'Create' | 'Update' | 'Delete';
  readonly id?: string;
  readonly properties: ResourceProperties;
  readonly previous?: ResourceProperties;
}

const DEFAULT_TIMEOUT_SECONDS = 3600;
const MAX_TIMEOUT_SECONDS = 3600;
const MAX_ID_BYTES = 1024;
/** How long a late answer is still taken (and ignored). */
const URL_LIFE_MS = 7_200_000;
const TIMED_OUT: CustomAnswer = {
  Status: 'FAILED',
  Reason: 'CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId.',
  timedOut: true,
};

class Cancelled extends Error {}

function timeoutOf({ ServiceTimeout }: ResourceProperties): number {
  const seconds = Number(ServiceTimeout ?? DEFAULT_TIMEOUT_SECONDS);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_TIMEOUT_SECONDS)
    throw templateError(`ServiceTimeout must be an integer between 1 and ${MAX_TIMEOUT_SECONDS}, given ${ServiceTimeout}`);
  return seconds * 1000;
}

function failureText({ Reason, timedOut }: CustomAnswer): string {
  if (timedOut === true) return Reason ?? '';
  return `Received response status [FAILED] from custom resource. Message returned: ${Reason ?? 'none'}`;
}

/** Custom resources: their Lambda is invoked asynchronously and answers by a PUT to a one-time URL. */
export class CustomResources implements HttpRoute {
  private readonly waits = new Map<string, Wait>();
  private readonly cancelled = new Set<string>();
  private readonly requests: Table<RequestRecord>;
  private stopped = false;

  constructor(private readonly cloud: Cloud) {
    this.requests = cloud.storage.table('cloudformation/custom-requests');
  }

  private get host(): string {
    return `cloudformation-custom-resource-response-${this.cloud.region}.s3.${this.cloud.region}.amazonaws.com`;
  }

  matches(request: IncomingMessage): boolean {
    return request.headers.host?.startsWith('cloudformation-custom-resource-response-') === true;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const token = (request.url ?? '').split('?')[0]?.slice(1) ?? '';
    const record = token === '' ? undefined : this.requests.get(token);
    if (record === undefined) {
      response.writeHead(403).end();
      return;
    }
    if (record.answer === undefined) {
      const answer = readAnswer(Buffer.concat(chunks).toString('utf8'));
      await this.requests.put(token, { ...record, answer });
      this.waits.get(token)?.settle(answer);
    }
    response.writeHead(200).end();
  }

  handler(type: string): ResourceType {
    return {
      type,
      enforced: [],
      stored: {},
      create: (properties, context) => this.create({ type, kind: 'Create', properties }, context as StepContext),
      update: (id, properties, previous, context) =>
        this.update({ type, kind: 'Update', id, properties, previous }, context as StepContext),
      delete: (id, properties, context) => this.delete({ type, kind: 'Delete', id, properties }, context as StepContext),
    };
  }

  /** Ends the waits of a stack whose deployment has failed, also those that are still to begin until it is `settled`. */
  cancel(stackId: string): void {
    this.cancelled.add(stackId);
    for (const wait of [...this.waits.values()].filter((one) => one.stackId === stackId)) wait.reject(new Cancelled());
  }

  settled(stackId: string): void {
    this.cancelled.delete(stackId);
  }

  /** Ends every wait until the next start. */
  stop(): void {
    this.stopped = true;
    for (const wait of [...this.waits.values()]) wait.reject(new Stopped());
  }

  /** Forgets the requests whose URLs have expired. */
  async start(): Promise<void> {
    const expired = [...this.requests.entries()].filter(({ value }) => value.deadline + URL_LIFE_MS < this.cloud.clock.now());
    for (const { key } of expired) await this.requests.remove(key);
  }

  private async create(request: Request, context: StepContext): Promise<ResourceOutcome> {
    // AWS gives a resource that failed without an id one of its own, so that there is something to delete.
    const generated = context.generateName(255);
    const answer = await this.ask(request, context).catch((error: unknown) => {
      if (error instanceof Cancelled) throw new FailedCreation(generated, 'Resource creation cancelled');
      throw error;
    });
    if (answer.Status !== 'SUCCESS') throw new FailedCreation(answer.PhysicalResourceId ?? generated, failureText(answer));
    return this.outcome(answer, generated);
  }

  private async update(request: Request, context: StepContext): Promise<ResourceOutcome> {
    if (request.properties.ServiceToken !== request.previous?.ServiceToken)
      throw new RefusedUpdate('Modifying service token is not allowed.');
    const answer = await this.ask(request, context).catch((error: unknown) => {
      if (error instanceof Cancelled) throw templateError('Resource update cancelled');
      throw error;
    });
    if (answer.Status !== 'SUCCESS') throw templateError(failureText(answer));
    return this.outcome(answer, request.id ?? '');
  }

  private async delete(request: Request, context: StepContext): Promise<void> {
    const answer = await this.ask(request, context);
    if (answer.Status !== 'SUCCESS') throw templateError(failureText(answer));
  }

  private outcome({ PhysicalResourceId, Data, NoEcho }: CustomAnswer, id: string): ResourceOutcome {
    if (Buffer.byteLength(PhysicalResourceId ?? '') > MAX_ID_BYTES) throw templateError('Invalid PhysicalResourceId');
    return { id: PhysicalResourceId ?? id, attributes: Data ?? {}, ...(NoEcho === true ? { noEcho: true } : {}) };
  }

  private async ask(request: Request, context: StepContext): Promise<CustomAnswer> {
    const { token, stackId } = context;
    const serviceToken = String(request.properties.ServiceToken);
    if (!/^arn:[^:]+:lambda:/.test(serviceToken))
      throw templateError(`The local AWS calls custom resources by Lambda ARN only; given ${serviceToken}`);
    const deadline = this.requests.get(token)?.deadline ?? this.cloud.clock.now() + timeoutOf(request.properties);
    if (this.requests.get(token) === undefined) await this.requests.put(token, { stackId, deadline });
    const event = requestEvent(request, context, `https://${this.host}/${token}`);
    const Payload = Buffer.from(JSON.stringify(event));
    await context.call('lambda', 'Invoke', { FunctionName: serviceToken, InvocationType: 'Event', Payload });
    const answer = await this.answer(token, stackId, deadline);
    await this.requests.put(token, { stackId, deadline, answer });
    return answer;
  }

  private async answer(token: string, stackId: string, deadline: number): Promise<CustomAnswer> {
    const stored = this.requests.get(token)?.answer;
    if (stored !== undefined) return stored;
    if (this.stopped) throw new Stopped();
    if (this.cancelled.has(stackId)) throw new Cancelled();
    const answered = new Promise<CustomAnswer>((settle, reject) => this.waits.set(token, { stackId, settle, reject }));
    const timer = this.cloud.clock.at(deadline, () => this.waits.get(token)?.settle(TIMED_OUT));
    try {
      return await answered;
    } finally {
      timer.cancel();
      this.waits.delete(token);
    }
  }
}
