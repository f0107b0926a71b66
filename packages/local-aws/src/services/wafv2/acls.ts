import type { Rule, WebACL } from '@aws-sdk/client-wafv2';
import type { Cloud } from '../../cloud';
import { MinuteMetrics } from '../../metering/minute-metrics';
import type { Table } from '../../storage/storage';
import type { InspectedRequest } from './inspection';
import { compileStatement, invalid, type Matcher } from './statements';

export interface AclRecord {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly lockToken: string;
  readonly description?: string;
  readonly defaultAction: NonNullable<WebACL['DefaultAction']>;
  readonly visibility: NonNullable<WebACL['VisibilityConfig']>;
  readonly rules: readonly Rule[];
  readonly capacity: number;
}

interface CompiledRule {
  readonly name: string;
  readonly metric: string;
  readonly effect: 'allow' | 'block' | 'count';
  readonly matches: Matcher;
}

interface CompiledAcl {
  readonly metric: string;
  readonly rules: readonly CompiledRule[];
  readonly fallback: 'allow' | 'block';
}

function effectOf(rule: Rule): CompiledRule['effect'] {
  const { Action: action, OverrideAction: override, Name: name } = rule;
  if (action?.Block?.CustomResponse !== undefined || action?.Allow?.CustomRequestHandling !== undefined)
    throw invalid(`the local AWS does no custom responses or request handling (rule ${name})`);
  if (action?.Allow !== undefined) return 'allow';
  if (action?.Block !== undefined) return 'block';
  if (action?.Count !== undefined || override !== undefined) return 'count';
  throw invalid(`rule ${name} needs an action Allow, Block or Count (or OverrideAction for a rule group)`);
}

/** Compiles the rules of a web ACL in order of priority. Throws `WAFInvalidParameterException` on what cannot be evaluated here. */
export function compileRules(rules: readonly Rule[]): CompiledRule[] {
  const priorities = rules.map(({ Priority }) => Priority ?? 0);
  if (new Set(priorities).size < priorities.length) throw invalid('the priorities of rules must differ');
  return [...rules]
    .sort((a, b) => (a.Priority ?? 0) - (b.Priority ?? 0))
    .map((rule) => ({
      name: rule.Name ?? '',
      metric: rule.VisibilityConfig?.MetricName ?? rule.Name ?? '',
      effect: effectOf(rule),
      matches: compileStatement(rule.Statement ?? {}),
    }));
}

/** Web ACLs at work: inspects the requests of the resources they are associated with. */
export class Firewall {
  private readonly metrics: MinuteMetrics;
  private readonly compiled = new Map<string, CompiledAcl | null>();

  constructor(
    private readonly cloud: Cloud,
    private readonly acls: Table<AclRecord>,
    /** ACL id by resource ARN. */
    private readonly associations: Table<string>,
  ) {
    this.metrics = new MinuteMetrics(cloud, 'AWS/WAFV2', 'wafv2.amazonaws.com');
  }

  /** Forgets what was compiled of a resource or, without one, of all; counters of rates start again. */
  changed(resourceArn?: string): void {
    if (resourceArn === undefined) this.compiled.clear();
    else this.compiled.delete(resourceArn);
  }

  inspect(resourceArn: string, request: InspectedRequest): 'allow' | 'block' | undefined {
    let acl = this.compiled.get(resourceArn);
    if (acl === undefined) {
      acl = this.compile(resourceArn);
      this.compiled.set(resourceArn, acl);
    }
    if (acl === null) return undefined;
    const now = this.cloud.clock.now();
    for (const rule of acl.rules) {
      if (!rule.matches(request, now)) continue;
      this.count(rule.effect, acl.metric, rule.metric);
      if (rule.effect === 'count') continue;
      this.count(rule.effect, acl.metric, 'ALL');
      return rule.effect;
    }
    this.count(acl.fallback, acl.metric, 'Default_Action');
    this.count(acl.fallback, acl.metric, 'ALL');
    return acl.fallback;
  }

  stop(): Promise<void> {
    return this.metrics.flush();
  }

  private compile(resourceArn: string): CompiledAcl | null {
    const id = this.associations.get(resourceArn);
    const record = id === undefined ? undefined : this.acls.get(id);
    if (record === undefined) return null;
    return {
      metric: record.visibility.MetricName ?? record.name,
      rules: compileRules(record.rules),
      fallback: record.defaultAction.Block === undefined ? 'allow' : 'block',
    };
  }

  private count(effect: CompiledRule['effect'], acl: string, rule: string): void {
    const name = { allow: 'AllowedRequests', block: 'BlockedRequests', count: 'CountedRequests' }[effect];
    this.metrics.add(name, 'Count', 1, { WebACL: acl, Region: this.cloud.region, Rule: rule }, `${acl}|${rule}`);
  }
}
