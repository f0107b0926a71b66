import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';

/** An event source mapping: which function reads which stream, and how. */
export interface MappingRecord {
  readonly uuid: string;
  readonly functionName: string;
  readonly qualifier?: string;
  readonly source: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly position: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';
  /** Epoch ms of AT_TIMESTAMP. */
  readonly timestamp?: number;
  /** -1: for as long as the record lives. */
  readonly maximumRetryAttempts: number;
  /** -1: as long as the stream keeps it. */
  readonly maximumRecordAgeSeconds: number;
  readonly bisect: boolean;
  readonly reportsItemFailures: boolean;
  readonly onFailure?: string;
  readonly created: number;
  readonly modified: number;
}

/** How far a mapping has come in a shard. */
export interface Checkpoint {
  /** Last sequence number that is done with. */
  readonly after?: string;
  /** Before that: an iterator at the tip of the shard, and the time of which it is. */
  readonly iterator?: string;
  readonly at?: number;
}

/** Mappings and their positions. */
export class MappingStore {
  readonly mappings: Table<MappingRecord>;
  /** By [mapping, shard]. */
  readonly checkpoints: Table<Checkpoint>;

  constructor(cloud: Cloud) {
    this.mappings = cloud.storage.table('lambda/mappings');
    this.checkpoints = cloud.storage.table('lambda/checkpoints');
  }

  mapping(uuid: string): MappingRecord {
    const record = this.mappings.get(uuid);
    if (record === undefined)
      throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', {
        status: 404,
        members: { Type: 'User' },
      });
    return record;
  }

  all(): MappingRecord[] {
    return [...this.mappings.entries()].map(({ value }) => value);
  }
}
