import { resolve, type Scope } from './intrinsics';
import type { OutputRecord, StackRecord } from './records';
import type { StackStore } from './store';
import { type Template, templateError } from './template';

/** Outputs of a stack and the exports among them: names are unique, and what another stack imports stays as it is. */
export class Exports {
  constructor(private readonly store: StackStore) {}

  /** The outputs that `template` gives. Throws for exports that may not come, change or go. */
  outputs(stack: StackRecord, template: Template, scope: Scope): OutputRecord[] {
    const others = this.store.live().filter(({ id }) => id !== stack.id);
    const present = Object.entries(template.Outputs ?? {}).filter(
      ([, output]) => output.Condition === undefined || scope.conditions.get(output.Condition) === true,
    );
    const records = present.map(([key, output]) => {
      const exportName = output.Export === undefined ? undefined : String(resolve(output.Export.Name, scope));
      const owner = others.find(
        ({ outputs }) => exportName !== undefined && outputs.some((candidate) => candidate.exportName === exportName),
      );
      if (owner !== undefined) throw templateError(`Export with name ${exportName} is already exported by stack ${owner.name}`);
      return {
        key,
        value: String(resolve(output.Value, scope)),
        ...(output.Description === undefined ? {} : { description: output.Description }),
        ...(exportName === undefined ? {} : { exportName }),
      };
    });
    this.checkInUse(stack, records, others);
    return records;
  }

  /** A stack that imports one of this stack's exports. */
  importer(stack: StackRecord): { exportName: string; by: string } | undefined {
    const names = stack.outputs.flatMap(({ exportName }) => exportName ?? []);
    for (const other of this.store.live()) {
      const used = names.find((name) => other.imports.includes(name));
      if (used !== undefined) return { exportName: used, by: other.name };
    }
    return undefined;
  }

  private checkInUse(stack: StackRecord, next: readonly OutputRecord[], others: readonly StackRecord[]): void {
    for (const { exportName, value } of stack.outputs) {
      const user = exportName === undefined ? undefined : others.find(({ imports }) => imports.includes(exportName));
      if (user === undefined) continue;
      const kept = next.find((output) => output.exportName === exportName);
      if (kept === undefined)
        throw templateError(`Delete canceled. Cannot delete export ${exportName} as it is in use by ${user.name}`);
      if (kept.value !== value) throw templateError(`Cannot update export ${exportName} as it is in use by ${user.name}`);
    }
  }
}
