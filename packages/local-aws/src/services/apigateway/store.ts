import { randomInt } from 'node:crypto';
import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type {
  ApiRecord,
  AuthorizerRecord,
  DeploymentRecord,
  GatewayResponseRecord,
  KeyRecord,
  MethodRecord,
  ModelRecord,
  PlanRecord,
  ResourceRecord,
  StageRecord,
  ValidatorRecord,
} from './records';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A random identifier of the form that API Gateway gives: lower-case letters and digits. */
export function newId(length: number): string {
  return Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}

export function notFound(what: string): AwsError {
  return new AwsError('NotFoundException', `Invalid ${what} specified`, { status: 404 });
}

export function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message, { status: 400 });
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, { status: 409 });
}

function present<V>(value: V | undefined, what: string): V {
  if (value === undefined) throw notFound(what);
  return value;
}

/** The tables of API Gateway, and the news that something in them changed (the gateway drops what it compiled). */
export class Store {
  readonly apis;
  readonly resources;
  readonly methods;
  readonly models;
  readonly validators;
  readonly authorizers;
  readonly responses;
  readonly deployments;
  readonly stages;
  readonly plans;
  readonly keys;
  /** Key id by key value. */
  readonly keyValues;
  /** Membership of keys in plans, by [plan, key]. */
  readonly planKeys;
  /** Requests by [plan, key, day]. */
  readonly usage;
  readonly account;
  private readonly listeners: (() => void)[] = [];

  constructor(readonly cloud: Cloud) {
    const { storage } = cloud;
    this.apis = storage.table<ApiRecord>('apigateway/apis');
    this.resources = storage.table<ResourceRecord>('apigateway/resources');
    this.methods = storage.table<MethodRecord>('apigateway/methods');
    this.models = storage.table<ModelRecord>('apigateway/models');
    this.validators = storage.table<ValidatorRecord>('apigateway/validators');
    this.authorizers = storage.table<AuthorizerRecord>('apigateway/authorizers');
    this.responses = storage.table<GatewayResponseRecord>('apigateway/gateway-responses');
    this.deployments = storage.table<DeploymentRecord>('apigateway/deployments');
    this.stages = storage.table<StageRecord>('apigateway/stages');
    this.plans = storage.table<PlanRecord>('apigateway/plans');
    this.keys = storage.table<KeyRecord>('apigateway/keys');
    this.keyValues = storage.table<string>('apigateway/key-values');
    this.planKeys = storage.table<true>('apigateway/plan-keys');
    this.usage = storage.table<number>('apigateway/usage');
    this.account = storage.table<{ cloudwatchRoleArn?: string }>('apigateway/account');
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Says that stages, plans or keys changed. */
  changed(): void {
    for (const listener of this.listeners) listener();
  }

  api(id: string | undefined): ApiRecord {
    const record = this.apis.get(id ?? '');
    if (record === undefined)
      throw new AwsError('NotFoundException', `Invalid API identifier specified ${this.cloud.account}:${id}`, { status: 404 });
    return record;
  }

  resource(api: string | undefined, id: string | undefined): ResourceRecord {
    return present(this.resources.get([this.api(api).id, id ?? '']), 'Resource identifier');
  }

  method(api: string | undefined, resource: string | undefined, method: string | undefined): MethodRecord {
    this.resource(api, resource);
    return present(this.methods.get([api ?? '', resource ?? '', method ?? '']), 'Method identifier');
  }

  model(api: string | undefined, name: string | undefined): ModelRecord {
    return present(this.models.get([this.api(api).id, name ?? '']), `Model Identifier ${name}`);
  }

  validator(api: string | undefined, id: string | undefined): ValidatorRecord {
    return present(this.validators.get([this.api(api).id, id ?? '']), 'Request Validator identifier');
  }

  authorizer(api: string | undefined, id: string | undefined): AuthorizerRecord {
    return present(this.authorizers.get([this.api(api).id, id ?? '']), 'Authorizer identifier');
  }

  deployment(api: string | undefined, id: string | undefined): DeploymentRecord {
    return present(this.deployments.get([this.api(api).id, id ?? '']), 'Deployment identifier');
  }

  stage(api: string | undefined, name: string | undefined): StageRecord {
    return present(this.stages.get([this.api(api).id, name ?? '']), 'stage identifier');
  }

  plan(id: string | undefined): PlanRecord {
    return present(this.plans.get(id ?? ''), 'Usage Plan ID');
  }

  key(id: string | undefined): KeyRecord {
    return present(this.keys.get(id ?? ''), 'API Key identifier');
  }

  resourcesOf(api: string): ResourceRecord[] {
    return [...this.resources.under([api])].map(({ value }) => value);
  }

  methodsOf(api: string, resource: string): MethodRecord[] {
    return [...this.methods.under([api, resource])].map(({ value }) => value);
  }

  stagesOf(api: string): StageRecord[] {
    return [...this.stages.under([api])].map(({ value }) => value);
  }
}
