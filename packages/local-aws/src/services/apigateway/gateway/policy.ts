export type Decision = 'allow' | 'explicit-deny' | 'implicit-deny';

/** A policy document that the gateway cannot evaluate. */
export class PolicyProblem extends Error {}

interface Statement {
  readonly allows: boolean;
  readonly resources: readonly RegExp[];
}

const MAX_REMEMBERED = 1000;
const MAX_RESOURCE_CHARS = 512;

function list(value: unknown, name: string): string[] {
  const items = Array.isArray(value) ? value : [value];
  if (items.length === 0 || !items.every((item) => typeof item === 'string'))
    throw new PolicyProblem(`${name} of a policy statement must be a string or a list of strings`);
  return items as string[];
}

function wildcard(pattern: string, flags = ''): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, flags);
}

function readStatement(value: unknown): Statement[] {
  if (typeof value !== 'object' || value === null) throw new PolicyProblem('a policy statement must be an object');
  const { Effect, Action, Resource, ...rest } = value as Record<string, unknown>;
  if (Effect !== 'Allow' && Effect !== 'Deny') throw new PolicyProblem(`Effect of a policy statement is ${String(Effect)}`);
  for (const name of ['NotAction', 'NotResource', 'Condition'])
    if (rest[name] !== undefined) throw new PolicyProblem(`the local AWS does not evaluate ${name} in an authorizer's policy`);
  if (!list(Action, 'Action').some((action) => wildcard(action, 'i').test('execute-api:Invoke'))) return [];
  const resources = list(Resource, 'Resource');
  if (resources.some((resource) => resource.length > MAX_RESOURCE_CHARS))
    throw new PolicyProblem(`a resource of an authorizer's policy is longer than ${MAX_RESOURCE_CHARS} characters`);
  return [{ allows: Effect === 'Allow', resources: resources.map((resource) => wildcard(resource)) }];
}

/** An authorizer's policy, compiled for the one action `execute-api:Invoke`. Throws `PolicyProblem` on a malformed document. */
export class InvokePolicy {
  private readonly statements: readonly Statement[];
  private readonly known = new Map<string, Decision>();

  constructor(document: unknown) {
    if (typeof document !== 'object' || document === null) throw new PolicyProblem('there is no policyDocument');
    const { Statement: statements } = document as { Statement?: unknown };
    if (statements === undefined) throw new PolicyProblem('the policyDocument has no Statement');
    this.statements = (Array.isArray(statements) ? statements : [statements]).flatMap(readStatement);
  }

  decide(methodArn: string): Decision {
    let decision = this.known.get(methodArn);
    if (decision === undefined) {
      decision = this.evaluate(methodArn);
      if (this.known.size >= MAX_REMEMBERED) this.known.clear();
      this.known.set(methodArn, decision);
    }
    return decision;
  }

  private evaluate(methodArn: string): Decision {
    const matching = this.statements.filter(({ resources }) => resources.some((resource) => resource.test(methodArn)));
    if (matching.some(({ allows }) => !allows)) return 'explicit-deny';
    return matching.length > 0 ? 'allow' : 'implicit-deny';
  }
}
