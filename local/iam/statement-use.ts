const MAX_KNOWN = 10_000;

/** Counts, per role, the statements without which a call would have been refused: what a least-privilege review asks for. */
export class StatementUse {
  /** Role -> statement (`policy\nindex`) -> actions. */
  private readonly needed = new Map<string, Map<string, Set<string>>>();

  private readonly known = new Set<string>();

  /** Whether a call like this one was noted before. */
  knows(role: string, action: string, resource: string): boolean {
    return this.known.has(`${role}\n${action}\n${resource}`);
  }

  /** A call of the role was allowed by these statements. */
  note(role: string, { action, resource }: { action: string; resource: string }, allowing: readonly string[]): void {
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.add(`${role}\n${action}\n${resource}`);
    const [only] = allowing;
    if (allowing.length !== 1 || only === undefined) return;
    const statements = this.needed.get(role) ?? new Map<string, Set<string>>();
    const actions = statements.get(only) ?? new Set<string>();
    this.needed.set(role, statements.set(only, actions.add(action)));
  }

  /** By role and statement, the actions for which it was the only one that allowed them. */
  report(): Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> {
    return Object.fromEntries(
      [...this.needed].map(([role, statements]) => [
        role,
        Object.fromEntries([...statements].map(([statement, actions]) => [statement, [...actions].sort()])),
      ]),
    );
  }
}
