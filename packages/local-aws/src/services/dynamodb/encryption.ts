import type { Call, Caller, Operation, Operations } from '../../cloud';
import type { DataKeys, Sealed } from '../../encryption/data-keys';
import type { Input } from '../../iam/rights';
import type { TableRecord } from './records';
import type { DynamoStore } from './store';

/** Tables that a request for items names. */
function tablesOf(input: Input): readonly string[] {
  const acts = ((input.TransactItems ?? []) as Record<string, { TableName?: string }>[]).flatMap((item) => Object.values(item));
  const names = [input.TableName, ...Object.keys(input.RequestItems ?? {}), ...acts.map(({ TableName }) => TableName)];
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** The use of tables' keys, in the name of who calls. */
export class TableEncryption {
  constructor(
    private readonly store: DynamoStore,
    private readonly keys: DataKeys,
    private readonly account: string,
  ) {}

  private sealed({ id, name, keyArn }: TableRecord): Sealed | undefined {
    if (keyArn === undefined) return undefined;
    return { id, keyId: keyArn, context: { 'aws:dynamodb:tableName': name, 'aws:dynamodb:subscriberId': this.account } };
  }

  /** Whoever touches items opens the table's data key. */
  items(operations: Operations): Operations {
    const opening =
      (run: Operation): Operation =>
      async (input: Input, call: Call) => {
        for (const name of tablesOf(input)) {
          const sealed = this.sealed(this.store.table(name));
          if (sealed !== undefined) await this.keys.open(sealed, call.caller);
        }
        return run(input, call);
      };
    return Object.fromEntries(Object.entries(operations).map(([name, run]) => [name, opening(run)]));
  }

  /** Whoever makes a table, or gives it another key, makes its data key; called before the table is kept, so that none is without. */
  async make(table: TableRecord, caller: Caller): Promise<void> {
    const sealed = this.sealed(table);
    if (sealed !== undefined) await this.keys.make(sealed, caller);
  }
}
