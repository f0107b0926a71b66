import type * as Sdk from '@aws-sdk/client-firehose';
import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';

export interface DeliveryStreamRecord {
  readonly name: string;
  readonly arn: string;
  /** Distinguishes the delivery stream from an earlier one of the same name. */
  readonly incarnation: string;
  readonly created: number;
  readonly updated: number;
  readonly version: number;
  readonly source?: { readonly streamArn: string; readonly roleArn: string };
  readonly destination: Sdk.ExtendedS3DestinationConfiguration;
  readonly tags: readonly Sdk.Tag[];
}

/** A record that was put to a delivery stream itself. */
export interface DirectRecord {
  readonly data: Uint8Array;
  readonly at: number;
}

/** Delivery streams, how far they have delivered, and what was put to them directly. */
export class FirehoseStore {
  readonly streams: Table<DeliveryStreamRecord>;
  /** Key `[incarnation, shard]` -> last sequence number that is in S3. */
  readonly positions: Table<string>;
  /** Key `[incarnation, sequence]`. */
  readonly direct: Table<DirectRecord>;

  constructor(private readonly cloud: Cloud) {
    this.streams = cloud.storage.table('firehose/streams');
    this.positions = cloud.storage.table('firehose/positions');
    this.direct = cloud.storage.table('firehose/direct-records');
  }

  arn(name: string): string {
    return `arn:aws:firehose:${this.cloud.region}:${this.cloud.account}:deliverystream/${name}`;
  }

  stream(name: string | undefined): DeliveryStreamRecord {
    const found = this.streams.get(name ?? '');
    if (found !== undefined) return found;
    throw new AwsError('ResourceNotFoundException', `Firehose ${name} under account ${this.cloud.account} not found.`);
  }
}

export function invalidArgument(message: string): AwsError {
  return new AwsError('InvalidArgumentException', message);
}
