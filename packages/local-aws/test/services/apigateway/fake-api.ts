import type { Operations } from '../../../src/cloud';
import { AwsError } from '../../../src/errors';
import { apigateway } from '../../../src/services/apigateway';
import { wafv2 } from '../../../src/services/wafv2';
import { FakeCloud, logStub } from '../../support/fake-cloud';

export const START = Date.parse('2020-03-04T19:15:17Z');
const LAMBDA = 'arn:aws:lambda:eu-west-1:000000000000:function';

type Handler = (event: Record<string, never>) => unknown;

/** Lambda functions in this process, by name. */
export class Functions {
  readonly handlers = new Map<string, Handler>();
  readonly events: { name: string; event: Record<string, unknown> }[] = [];

  /** Largest payload that Lambda takes. */
  limit = Number.POSITIVE_INFINITY;

  readonly operations: Operations = {
    Invoke: async (input: { FunctionName: string; Payload: Uint8Array }) => {
      if (input.Payload.length > this.limit) throw new AwsError('RequestTooLargeException', 'too large', { status: 413 });
      const name = input.FunctionName.split(':').at(-1) ?? '';
      const event = JSON.parse(Buffer.from(input.Payload).toString());
      this.events.push({ name, event });
      try {
        const answer = await this.handlers.get(name)?.(event);
        return { StatusCode: 200, Payload: Buffer.from(JSON.stringify(answer ?? null)) };
      } catch (error) {
        const payload = { errorType: 'Error', errorMessage: error instanceof Error ? error.message : '' };
        return { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify(payload)) };
      }
    },
  };

  of(name: string): Record<string, unknown>[] {
    return this.events.filter((call) => call.name === name).map(({ event }) => event);
  }
}

export function uriOf(name: string): string {
  return `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${LAMBDA}:${name}/invocations`;
}

/** What an authorizer function answers. */
export function verdict(effect: 'Allow' | 'Deny', more: object = {}, resource = '*'): object {
  const Statement = [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }];
  return { principalId: 'me', policyDocument: { Version: '2012-10-17', Statement }, ...more };
}

/** A cloud with API Gateway and WAF, functions in process, and one API to build on. */
export class FakeApi {
  readonly functions = new Functions();
  readonly metrics: { MetricName: string; Values: number[]; Counts: number[]; Dimensions: object[] }[] = [];
  readonly logs = logStub();
  cloud!: FakeCloud;
  id = '';
  root = '';

  static async start(input: object = {}): Promise<FakeApi> {
    const api = new FakeApi();
    const cloudwatch: Operations = {
      PutMetricData: (data: { MetricData: (typeof api.metrics)[number][] }) => void api.metrics.push(...data.MetricData),
    };
    api.cloud = await FakeCloud.start({
      services: [wafv2, apigateway],
      stubs: { lambda: api.functions.operations, logs: api.logs.operations, cloudwatch },
      startAt: START,
      paused: true,
    });
    const made = await api.call<{ id: string; rootResourceId: string }>('CreateRestApi', { name: 'shop', ...input });
    api.id = made.id;
    api.root = made.rootResourceId;
    return api;
  }

  call<T = { id: string }>(operation: string, input: object): Promise<T> {
    return this.cloud.call<T>('apigateway', operation, { restApiId: this.id, ...input });
  }

  async resource(path: string): Promise<string> {
    let parentId = this.root;
    for (const pathPart of path.split('/').filter((part) => part !== ''))
      parentId = (await this.call('CreateResource', { parentId, pathPart })).id;
    return parentId;
  }

  /** A method with a proxy integration to function `backend`. */
  async method(resourceId: string, httpMethod: string, input: object = {}, integration: object = {}): Promise<void> {
    const address = { resourceId, httpMethod };
    await this.call('PutMethod', { ...address, authorizationType: 'NONE', ...input });
    const proxy = { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri: uriOf('backend') };
    await this.call('PutIntegration', { ...address, ...proxy, ...integration });
  }

  async authorizer(input: object = {}): Promise<string> {
    const base = { name: 'auth', type: 'REQUEST', authorizerUri: uriOf('authorizer') };
    const identitySource = 'method.request.header.Authorization';
    return (await this.call('CreateAuthorizer', { ...base, identitySource, ...input })).id;
  }

  async deploy(stageName = 'v1', patchOperations: object[] = []): Promise<void> {
    await this.call('CreateDeployment', { stageName });
    if (patchOperations.length > 0) await this.call('UpdateStage', { stageName, patchOperations });
  }

  /** A usage plan for stage v1 with one key. */
  async plan(value: string, input: object, throttle: object = {}): Promise<{ plan: string; key: string }> {
    const apiStages = [{ apiId: this.id, stage: 'v1', throttle }];
    const plan = (await this.call('CreateUsagePlan', { name: value, apiStages, ...input })).id;
    const key = (await this.call('CreateApiKey', { name: value, value, enabled: true })).id;
    await this.call('CreateUsagePlanKey', { usagePlanId: plan, keyId: key, keyType: 'API_KEY' });
    return { plan, key };
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.cloud.endpoint}/restapis/${this.id}/v1/_user_request_${path}`, init);
  }

  async statuses(count: number, path: string, init: RequestInit = {}): Promise<number[]> {
    const statuses: number[] = [];
    for (let index = 0; index < count; index += 1) statuses.push((await this.fetch(path, init)).status);
    return statuses;
  }
}
