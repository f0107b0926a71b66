import type * as Sdk from '@aws-sdk/client-athena';
import type { Caller, Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';

export interface WorkGroupRecord {
  readonly name: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly description?: string;
  readonly configuration: Sdk.WorkGroupConfiguration;
  readonly created: number;
  readonly tags: readonly Sdk.Tag[];
}

export interface ResultColumn {
  readonly name: string;
  readonly type: string;
  readonly precision: number;
  readonly scale: number;
}

export interface QueryRecord {
  readonly id: string;
  readonly sql: string;
  readonly workgroup: string;
  readonly database?: string;
  readonly parameters?: readonly string[];
  /** Whose rights read the data and write the result. */
  readonly caller: Caller;
  readonly outputLocation: string;
  readonly encryption?: Sdk.EncryptionConfiguration;
  readonly state: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  readonly submitted: number;
  readonly completed?: number;
  readonly reason?: string;
  readonly error?: Sdk.AthenaError;
  readonly columns?: readonly ResultColumn[];
  readonly statistics?: Sdk.QueryExecutionStatistics;
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}

/** Workgroups and queries. */
export class AthenaStore {
  readonly workgroups: Table<WorkGroupRecord>;
  readonly queries: Table<QueryRecord>;
  /** Key `[workgroup, submitted, id]`. */
  readonly byWorkgroup: Table<string>;
  /** Client request token -> query. */
  readonly tokens: Table<string>;

  constructor(cloud: Cloud) {
    this.workgroups = cloud.storage.table('athena/workgroups');
    this.queries = cloud.storage.table('athena/queries');
    this.byWorkgroup = cloud.storage.table('athena/queries-by-workgroup');
    this.tokens = cloud.storage.table('athena/tokens');
  }

  workgroup(name: string | undefined): WorkGroupRecord {
    const found = this.workgroups.get(name ?? 'primary');
    if (found !== undefined) return found;
    if (name === undefined || name === 'primary')
      return { name: 'primary', state: 'ENABLED', configuration: {}, created: 0, tags: [] };
    throw invalidRequest('WorkGroup is not found.');
  }

  query(id: string | undefined): QueryRecord {
    const found = this.queries.get(id ?? '');
    if (found === undefined) throw invalidRequest(`QueryExecution ${id} was not found`);
    return found;
  }

  /** Changes a query and gives what it is now. */
  async update(id: string, change: (query: QueryRecord) => Partial<QueryRecord>): Promise<QueryRecord> {
    const known = this.query(id);
    const next = { ...known, ...change(known) };
    await this.queries.put(id, next);
    return next;
  }
}
