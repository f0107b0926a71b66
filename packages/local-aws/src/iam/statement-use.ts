import type { Policy } from './policy/document';
import { type AccessRequest, allowing, evaluate, type Policies } from './policy/evaluate';

const MAX_KNOWN = 10_000;

/** A call that was allowed, with the policies that it was decided by. */
export interface AllowedCall {
  readonly request: AccessRequest;
  /** The role's own policies, by name; those of `policies.identity` in the same order. */
  readonly names: readonly string[];
  readonly policies: Policies;
}

/** What became of the calls so far without a statement, or without one of its actions. */
export interface Need {
  /** Actions of the calls that would have been refused without it. */
  readonly calls: readonly string[];
  /** Entries of its `Action` (lower case) without which a call would have been refused. */
  readonly actions: readonly string[];
}

/** The policy without a statement, or without one entry of its `Action`. */
function without(policy: Policy, index: number, action?: string): Policy {
  const statements = policy.statements.flatMap((statement, at) => {
    if (at !== index) return [statement];
    const patterns = action === undefined ? [] : statement.action.patterns.filter((pattern) => pattern !== action);
    return patterns.length === 0 ? [] : [{ ...statement, action: { ...statement.action, patterns } }];
  });
  return { ...policy, statements };
}

/**
 * Takes away, for each new call of a role, each statement that allowed it and each action of it, and decides the call again: what could not
 * be taken away is what a least-privilege review asks for.
 */
export class StatementUse {
  /** Role -> statement (`policy\nindex`) -> what needs it. */
  private readonly needed = new Map<string, Map<string, { readonly calls: Set<string>; readonly actions: Set<string> }>>();

  private readonly known = new Set<string>();

  /** Whether a call like this one was tried before. */
  knows(role: string, { action, resource }: { action: string; resource: string }, via: string | undefined): boolean {
    const id = [role, action, resource, via ?? ''].join('\n');
    if (this.known.has(id)) return true;
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.add(id);
    return false;
  }

  /** Tries a call of the role that was allowed. */
  try(role: string, call: AllowedCall): void {
    for (const [at, policy] of call.policies.identity.entries())
      for (const index of allowing(call.request, policy)) this.tryWithout(role, call, at, index);
  }

  private tryWithout(role: string, { request, names, policies }: AllowedCall, at: number, index: number): void {
    const refused = (changed: Policy): boolean =>
      !evaluate(request, { ...policies, identity: policies.identity.map((policy, other) => (other === at ? changed : policy)) })
        .allowed;
    const policy = policies.identity[at];
    const action = policy?.statements[index]?.action;
    if (policy === undefined || action === undefined || !refused(without(policy, index))) return;
    const need = this.need(role, `${names[at]}\n${index}`);
    need.calls.add(request.action);
    if (action.not) return;
    for (const pattern of action.patterns)
      if (!need.actions.has(pattern) && refused(without(policy, index, pattern))) need.actions.add(pattern);
  }

  private need(role: string, statement: string): { readonly calls: Set<string>; readonly actions: Set<string> } {
    const statements = this.needed.get(role) ?? new Map<string, { calls: Set<string>; actions: Set<string> }>();
    const need = statements.get(statement) ?? { calls: new Set(), actions: new Set() };
    this.needed.set(role, statements.set(statement, need));
    return need;
  }

  /** By role and statement: what could not have been done without it. A statement that is not here was not needed. */
  report(): Readonly<Record<string, Readonly<Record<string, Need>>>> {
    const listed = ({ calls, actions }: { calls: Set<string>; actions: Set<string> }): Need => ({
      calls: [...calls].sort(),
      actions: [...actions].sort(),
    });
    return Object.fromEntries(
      [...this.needed].map(([role, statements]) => [
        role,
        Object.fromEntries([...statements].map(([statement, need]) => [statement, listed(need)])),
      ]),
    );
  }
}
