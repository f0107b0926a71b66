import type { Caller, Cloud } from '../../../cloud';
import { AwsError } from '../../../errors';
import { type Feature, type GroupRecord, offlineRoot } from './records';

const TYPES = { Integral: 'bigint', Fractional: 'double', String: 'string' } as const;

interface Table {
  readonly StorageDescriptor?: object;
  readonly [member: string]: unknown;
}

/** Columns of the offline store: the features, and what the store adds. */
export function columnsOf(features: readonly Feature[]): { readonly name: string; readonly type: string }[] {
  return [
    ...features.map(({ name, type }) => ({ name, type: TYPES[type] })),
    { name: 'write_time', type: 'timestamp' },
    { name: 'api_invocation_time', type: 'timestamp' },
    { name: 'is_deleted', type: 'boolean' },
  ];
}

function glueColumns(group: GroupRecord): object[] {
  return columnsOf(group.features).map(({ name, type }) => ({ Name: name, Type: type }));
}

/**
 * The Glue table of a group's offline store, kept in the role of the group. It calls itself an Iceberg table, as in an account, but
 * the local AWS writes no Iceberg metadata: every file below `data/` is current, and there are no snapshots to travel to.
 */
export class OfflineCatalog {
  constructor(private readonly cloud: Cloud) {}

  async create(group: GroupRecord): Promise<void> {
    const { offline } = group;
    if (offline === undefined) return;
    const TableInput = {
      Name: offline.table,
      TableType: 'EXTERNAL_TABLE',
      Parameters: { table_type: 'ICEBERG', EXTERNAL: 'TRUE' },
      StorageDescriptor: { Columns: glueColumns(group), Location: offlineRoot(this.cloud, group) },
    };
    await this.call(group, 'CreateTable', { DatabaseName: offline.database, TableInput });
  }

  async addColumns(group: GroupRecord): Promise<void> {
    const { offline } = group;
    if (offline === undefined) return;
    const found = await this.call<{ Table: Table }>(group, 'GetTable', { DatabaseName: offline.database, Name: offline.table });
    if (found === undefined) return;
    const { Name, TableType, Parameters, StorageDescriptor } = found.Table;
    const storage = { ...StorageDescriptor, Columns: glueColumns(group) };
    const TableInput = { Name, TableType, Parameters, StorageDescriptor: storage };
    await this.call(group, 'UpdateTable', { DatabaseName: offline.database, TableInput });
  }

  private async call<T>({ name, roleArn }: GroupRecord, operation: string, input: object): Promise<T | undefined> {
    const caller: Caller = this.cloud.asRole(roleArn ?? '', 'SageMaker', 'sagemaker');
    try {
      return await this.cloud.call<T>('glue', operation, input, caller);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'UnknownOperationException') throw error;
      this.cloud.log('sagemaker', `feature group ${name} has no Glue table: ${error.message}`);
      return undefined;
    }
  }
}
