import type { KeyRecord, PlanRecord, Throttle } from '../records';
import type { Store } from '../store';
import type { CompiledMethod } from './compile';
import type { Exchange } from './exchange';
import type { Quotas } from './quota';
import { GatewayFailure } from './response-types';
import { TokenBucket } from './token-bucket';

/** What the account allows where a throttle leaves a side open. */
const ACCOUNT_LIMITS = { rate: 10_000, burst: 5000 } as const;

interface Membership {
  readonly key: KeyRecord;
  readonly plan: PlanRecord;
  /** Method throttles of the plan for this stage, by `<resource path>/<method>`. */
  readonly methods: Readonly<Record<string, Throttle>>;
}

/** Lets requests through by usage plan and by the stage's throttle, in AWS's order. */
export class Admission {
  private readonly buckets = new Map<string, TokenBucket>();
  /** Members of usage plans by `<api>:<stage>`, then by key value; built at first use after each change. */
  private members = new Map<string, ReadonlyMap<string, Membership>>();

  constructor(
    private readonly store: Store,
    private readonly quotas: Quotas,
  ) {
    store.onChange(() => {
      this.members = new Map();
    });
  }

  /** Admits a request or throws the gateway's 403 or 429; a refused request uses nothing up. */
  admit(exchange: Exchange, method: CompiledMethod, usageIdentifierKey: string | undefined): void {
    const { now } = exchange;
    const member = this.identify(exchange, method, usageIdentifierKey);
    const buckets: TokenBucket[] = [];
    if (member !== undefined) {
      const name = `${method.resource.path}/${method.record.httpMethod}`;
      const id = `plan/${member.plan.id}/${member.key.id}`;
      const own = member.methods[name];
      if (own !== undefined) buckets.push(this.bucket(`${id}/${exchange.stage.stageArn}/${name}`, own, now));
      if (member.plan.throttle !== undefined)
        buckets.push(this.bucket(`${id}/${exchange.stage.stageArn}`, member.plan.throttle, now));
    }
    if (method.throttle !== undefined) {
      const id = `${exchange.stage.stageArn}/${method.resource.id}/${method.record.httpMethod}`;
      buckets.push(this.bucket(id, method.throttle, now));
    }
    for (const bucket of buckets) if (!bucket.has(now)) throw new GatewayFailure('THROTTLED', 'Too Many Requests');
    if (member !== undefined) {
      if (this.quotas.isUsedUp(member.plan, member.key.id, now)) throw new GatewayFailure('QUOTA_EXCEEDED', 'Limit Exceeded');
      this.quotas.count(member.plan, member.key.id, now);
    }
    for (const bucket of buckets) bucket.take();
  }

  private identify(exchange: Exchange, method: CompiledMethod, usageIdentifierKey: string | undefined): Membership | undefined {
    const value = exchange.stage.api.apiKeySource === 'AUTHORIZER' ? usageIdentifierKey : exchange.header('x-api-key');
    const member = value === undefined ? undefined : this.membersOf(exchange).get(value);
    if (member !== undefined) exchange.apiKey = { id: member.key.id, value: member.key.value };
    if (!method.record.apiKeyRequired) return undefined;
    if (member === undefined) throw new GatewayFailure('INVALID_API_KEY', 'Forbidden');
    return member;
  }

  private bucket(id: string, throttle: Throttle, now: number): TokenBucket {
    const rate = throttle.rateLimit ?? ACCOUNT_LIMITS.rate;
    const burst = throttle.burstLimit ?? ACCOUNT_LIMITS.burst;
    const name = `${id}|${rate}|${burst}`;
    let bucket = this.buckets.get(name);
    if (bucket === undefined) {
      bucket = new TokenBucket(rate, burst, now);
      this.buckets.set(name, bucket);
    }
    return bucket;
  }

  private membersOf(exchange: Exchange): ReadonlyMap<string, Membership> {
    const apiId = exchange.stage.api.id;
    const stage = exchange.stage.stage.stageName;
    const id = `${apiId}:${stage}`;
    let members = this.members.get(id);
    if (members === undefined) {
      members = this.readMembers(apiId, stage);
      this.members.set(id, members);
    }
    return members;
  }

  private readMembers(apiId: string, stage: string): Map<string, Membership> {
    const members = new Map<string, Membership>();
    for (const { value: plan } of this.store.plans.entries()) {
      const association = plan.apiStages.find((item) => item.apiId === apiId && item.stage === stage);
      if (association === undefined) continue;
      for (const { key: member } of this.store.planKeys.under([plan.id])) {
        const key = this.store.keys.get(String((member as string[])[1]));
        if (key?.enabled === true) members.set(key.value, { key, plan, methods: association.throttle ?? {} });
      }
    }
    return members;
  }
}
