import { conditionsHold } from './conditions';
import type { Policy, Principals, Selection, Statement } from './document';
import { type Context, fits, matches, matchesResource, resourceTest } from './patterns';

/** Who asks, by every name that a policy may call it. */
export interface Principal {
  readonly kind: 'root' | 'user' | 'assumed-role' | 'service';
  /** Session ARN, user ARN, root ARN or service principal. */
  readonly arn: string;
  readonly account: string;
  /** ARN of the role of a session. */
  readonly roleArn?: string;
}

export interface AccessRequest {
  readonly principal: Principal;
  /** `dynamodb:GetItem`. */
  readonly action: string;
  /** ARN; `*` for an action without resources. */
  readonly resource: string;
  readonly context: Context;
}

/** The policies that apply to a request. */
export interface Policies {
  readonly identity: readonly Policy[];
  readonly boundary?: Policy;
  readonly session?: Policy;
  readonly resource?: Policy;
  /** A key policy or trust policy: without an allow in it nothing is allowed. */
  readonly resourceMustAllow?: boolean;
  /** A grant on the key allows the action. */
  readonly granted?: boolean;
}

export type PolicyType = 'identity-based policy' | 'permissions boundary' | 'session policy' | 'resource-based policy';

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly by: PolicyType; readonly explicit: boolean };

function selects(selection: Selection, value: string, match: (pattern: string, value: string) => boolean): boolean {
  return selection.patterns.some((pattern) => match(pattern, value)) !== selection.not;
}

/** Whether action, resource and conditions of a statement cover a request; principals are not looked at. */
function covers(statement: Statement, policy: Policy, request: AccessRequest): boolean {
  const variables = policy.variables ? request.context : undefined;
  return (
    selects(statement.action, request.action.toLowerCase(), (pattern, value) => matches(pattern, value)) &&
    (statement.resource === undefined ||
      selects(statement.resource, request.resource, (pattern, value) =>
        pattern.includes('${') ? fits(pattern, value, variables, matchesResource) : resourceTest(pattern)(value),
      )) &&
    conditionsHold(statement.conditions, request.context, variables)
  );
}

/** How closely a statement names a principal: the session or user itself, its role (or anyone), its account; undefined if not at all. */
type Closeness = 'itself' | 'role' | 'account';

function accountNames(account: string): readonly string[] {
  return [account, `arn:aws:iam::${account}:root`];
}

function closeness(principals: Principals, principal: Principal): Closeness | undefined {
  if (principal.kind === 'service') {
    const named = principals.any || (principals.byType.Service ?? []).includes(principal.arn);
    return named ? 'itself' : undefined;
  }
  const names = principals.byType.AWS ?? [];
  if (names.includes(principal.arn)) return principal.kind === 'root' ? 'account' : 'itself';
  if (principals.any || (principal.roleArn !== undefined && names.includes(principal.roleArn))) return 'role';
  return accountNames(principal.account).some((name) => names.includes(name)) ? 'account' : undefined;
}

/** A NotPrincipal spares only a caller of whom session (or user), role and account are all listed. */
function spared(principals: Principals, principal: Principal): boolean {
  if (principals.any) return true;
  if (principal.kind === 'service') return (principals.byType.Service ?? []).includes(principal.arn);
  const names = principals.byType.AWS ?? [];
  const own = [principal.arn, ...(principal.roleArn === undefined ? [] : [principal.roleArn])];
  return own.every((name) => names.includes(name)) && accountNames(principal.account).some((name) => names.includes(name));
}

function named(statement: Statement, principal: Principal): Closeness | undefined {
  if (statement.principal === undefined) return undefined;
  const { not, principals } = statement.principal;
  if (not) return spared(principals, principal) ? undefined : 'role';
  return closeness(principals, principal);
}

function applies(policies: readonly (Policy | undefined)[], effect: Statement['effect'], request: AccessRequest): boolean {
  return policies.some((policy) =>
    policy?.statements.some((statement) => statement.effect === effect && covers(statement, policy, request)),
  );
}

function resourceVerdict(
  policy: Policy | undefined,
  request: AccessRequest,
  bounded: boolean,
): { denied: boolean; allows: Set<Closeness> } {
  const allows = new Set<Closeness>();
  let denied = false;
  for (const statement of policy?.statements ?? []) {
    // A NotPrincipal with Deny spares nobody who has a permissions boundary (IAM User Guide, "Permissions boundaries").
    const sparesNobody = bounded && statement.effect === 'Deny' && statement.principal?.not === true;
    const near = sparesNobody ? 'itself' : named(statement, request.principal);
    if (near === undefined || policy === undefined || !covers(statement, policy, request)) continue;
    if (statement.effect === 'Deny') denied = true;
    else allows.add(near);
  }
  return { denied, allows };
}

const refused = (by: PolicyType, explicit = false): Decision => ({ allowed: false, by, explicit });
const ALLOWED: Decision = { allowed: true };

/**
 * Decides a request within one account, deny by default. Source: IAM User Guide, "Policy evaluation logic" and "Evaluating policies within
 * a single account"; for keys the KMS Developer Guide, "Key policies".
 */
export function evaluate(request: AccessRequest, policies: Policies): Decision {
  const { identity, boundary, session } = policies;
  if (applies(identity, 'Deny', request)) return refused('identity-based policy', true);
  const resource = resourceVerdict(policies.resource, request, boundary !== undefined);
  if (resource.denied) return refused('resource-based policy', true);
  if (applies([boundary], 'Deny', request)) return refused('permissions boundary', true);
  if (applies([session], 'Deny', request)) return refused('session policy', true);

  const { kind } = request.principal;
  if (kind === 'service') return resource.allows.has('itself') ? ALLOWED : refused('resource-based policy');
  if (resource.allows.has('itself') || policies.granted === true) return ALLOWED;
  const byRole = resource.allows.has('role');
  if (policies.resourceMustAllow === true && !byRole && !resource.allows.has('account')) return refused('resource-based policy');
  if (!byRole && kind !== 'root' && !applies(identity, 'Allow', request)) return refused('identity-based policy');
  if (boundary !== undefined && !applies([boundary], 'Allow', request)) return refused('permissions boundary');
  if (session !== undefined && !applies([session], 'Allow', request)) return refused('session policy');
  return ALLOWED;
}

/** The identity statements that allow a request. */
export function allowing(request: AccessRequest, policy: Policy): readonly number[] {
  return policy.statements.flatMap((statement, index) =>
    statement.effect === 'Allow' && covers(statement, policy, request) ? [index] : [],
  );
}
