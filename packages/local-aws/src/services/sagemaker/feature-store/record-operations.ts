import type * as Sdk from '@aws-sdk/client-sagemaker-featurestore-runtime';
import type { Cloud, Operations } from '../../../cloud';
import { AwsError } from '../../../errors';
import type { OfflineStore } from './offline';
import type { Found, OnlineStore } from './online';
import { type CheckedRecord, checkIdentifier, checkRecord, eventTimeOf, runtimeError } from './record-check';
import { type GroupStore, type LiveGroup, notFoundText, ttlMs } from './records';

const MAX_WRITES = 25;
const MAX_READS = 100;

interface Write {
  readonly group: LiveGroup;
  readonly record: CheckedRecord;
  readonly online: boolean;
  readonly offline: boolean;
  readonly ttl: number | undefined;
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Which of the group's stores a write is for. */
function targets({ record }: LiveGroup, wanted: readonly string[] | undefined): { online: boolean; offline: boolean } {
  const has = { online: record.online, offline: record.offline !== undefined };
  if (wanted === undefined || wanted.length === 0) return has;
  const online = wanted.includes('OnlineStore');
  const offline = wanted.includes('OfflineStore');
  if ((online && !has.online) || (offline && !has.offline))
    throw runtimeError(`Validation Error: FeatureGroup ${record.name} does not have the target stores [${wanted.join(', ')}]`);
  return { online, offline };
}

function ttlOf(ttl: Sdk.TtlDuration | undefined): number | undefined {
  const life = ttlMs(ttl);
  if (ttl !== undefined && (life === undefined || (ttl.Value ?? 0) < 1))
    throw runtimeError('Validation Error: TtlDuration is not valid');
  return life;
}

/** Records of the online store and the history of the offline store. A batch is one transaction, or one look into the store. */
export class Records {
  constructor(
    private readonly cloud: Cloud,
    private readonly groups: GroupStore,
    private readonly online: OnlineStore,
    private readonly offline: OfflineStore,
  ) {}

  readonly operations: Operations = {
    PutRecord: async (input: Sdk.PutRecordCommandInput) => {
      await this.writeAll([this.write(input)]);
      return {};
    },
    BatchWriteRecord: (input: Sdk.BatchWriteRecordCommandInput) => this.batchWrite(input),
    GetRecord: (input: Sdk.GetRecordCommandInput) => this.get(input),
    BatchGetRecord: (input: Sdk.BatchGetRecordCommandInput) => this.batchGet(input),
    DeleteRecord: (input: Sdk.DeleteRecordCommandInput) => this.delete(input),
    ListRecords: (input: Sdk.ListRecordsCommandInput) => this.list(input),
  };

  private group(reference: string | undefined, absent: (message: string) => AwsError): LiveGroup {
    const group = this.groups.live(reference);
    if (group === undefined || group.record.status !== 'Created') throw absent(notFoundText(reference));
    return group;
  }

  private readable(reference: string | undefined): LiveGroup {
    const absent = (message: string): AwsError =>
      new AwsError('ResourceNotFound', message, { status: 404, members: { Message: message } });
    const group = this.group(reference, absent);
    if (!group.record.online) throw runtimeError(`Validation Error: FeatureGroup ${group.record.name} has no online store`);
    return group;
  }

  private write(entry: Sdk.BatchWriteRecordEntry, defaultTtl?: Sdk.TtlDuration): Write {
    const group = this.group(entry.FeatureGroupName, runtimeError);
    const stores = targets(group, entry.TargetStores);
    return { group, record: checkRecord(group, entry.Record), ...stores, ttl: ttlOf(entry.TtlDuration ?? defaultTtl) };
  }

  private async writeAll(writes: readonly Write[]): Promise<void> {
    await this.cloud.storage.transaction(() => {
      for (const { group, record, online, offline, ttl } of writes) {
        if (online && !this.online.hasNewer(group, record.id, record.time))
          this.online.put(group, record.id, record.time, record.values, ttl, false);
        if (offline) this.offline.append(group, record.values, false);
      }
    });
  }

  private async batchWrite(input: Sdk.BatchWriteRecordCommandInput): Promise<Partial<Sdk.BatchWriteRecordCommandOutput>> {
    const entries = input.Entries ?? [];
    if (entries.length < 1 || entries.length > MAX_WRITES)
      throw runtimeError(`Validation Error: Entries must have 1 to ${MAX_WRITES} members, given ${entries.length}`);
    const writes: Write[] = [];
    const errors: Sdk.BatchWriteRecordError[] = [];
    for (const Entry of entries) {
      try {
        writes.push(this.write(Entry, input.TtlDuration));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        errors.push({ Entry, ErrorCode: error.code, ErrorMessage: error.message });
      }
    }
    if (writes.length > 0) await this.writeAll(writes);
    return { Errors: errors, UnprocessedEntries: [] };
  }

  private get(input: Sdk.GetRecordCommandInput): Partial<Sdk.GetRecordCommandOutput> {
    const group = this.readable(input.FeatureGroupName);
    const found = this.online.get(group, checkIdentifier(input.RecordIdentifierValueAsString));
    if (found === undefined) return {};
    return { Record: shown(group, found, input.FeatureNames), ...expiry(found, input.ExpirationTimeResponse) };
  }

  private batchGet(input: Sdk.BatchGetRecordCommandInput): Partial<Sdk.BatchGetRecordCommandOutput> {
    const identifiers = input.Identifiers ?? [];
    const wanted = identifiers.flatMap(({ FeatureGroupName, RecordIdentifiersValueAsString: ids = [], FeatureNames }) =>
      ids.map((id) => ({ FeatureGroupName, id, FeatureNames })),
    );
    if (wanted.length < 1 || wanted.length > MAX_READS)
      throw runtimeError(`Validation Error: Identifiers must name 1 to ${MAX_READS} records, given ${wanted.length}`);
    const Records: Sdk.BatchGetRecordResultDetail[] = [];
    const Errors: Sdk.BatchGetRecordError[] = [];
    for (const { FeatureGroupName, id, FeatureNames } of wanted) {
      const place = { FeatureGroupName, RecordIdentifierValueAsString: id };
      try {
        const group = this.readable(FeatureGroupName);
        const found = this.online.get(group, checkIdentifier(id));
        if (found !== undefined)
          Records.push({ ...place, Record: shown(group, found, FeatureNames), ...expiry(found, input.ExpirationTimeResponse) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Errors.push({ ...place, ErrorCode: error.code, ErrorMessage: error.message });
      }
    }
    return { Records, Errors, UnprocessedIdentifiers: [] };
  }

  private async delete(input: Sdk.DeleteRecordCommandInput): Promise<object> {
    const group = this.group(input.FeatureGroupName, runtimeError);
    const id = checkIdentifier(input.RecordIdentifierValueAsString);
    const text = input.EventTime ?? '';
    const time = eventTimeOf(group, text);
    const stores = targets(group, input.TargetStores);
    const hard = input.DeletionMode === 'HardDelete';
    const marker = group.record.features.map((_, at) =>
      at === group.identifierAt ? id : at === group.eventTimeAt ? text : null,
    );
    await this.cloud.storage.transaction(() => {
      const kept = stores.online && this.online.isAtLeast(group, id, time);
      if (kept && hard)
        throw runtimeError(`Validation Error: the event time ${text} is not later than that of the stored record`);
      if (stores.online && !kept) {
        if (hard) this.online.remove(group, id);
        else this.online.put(group, id, time, marker, undefined, true);
      }
      if (stores.offline) this.offline.append(group, marker, true);
    });
    return {};
  }

  private list(input: Sdk.ListRecordsCommandInput): Partial<Sdk.ListRecordsCommandOutput> {
    const group = this.readable(input.FeatureGroupName);
    const size = input.MaxResults ?? MAX_READS;
    if (size < 1 || size > MAX_READS) throw runtimeError(`Validation Error: MaxResults must be between 1 and ${MAX_READS}`);
    const from = Buffer.from(input.NextToken ?? '', 'base64url').toString('utf8');
    const { ids, next } = this.online.list(group, size, from, input.IncludeSoftDeletedRecords === true);
    return { RecordIdentifiers: ids, ...(next === undefined ? {} : { NextToken: Buffer.from(next).toString('base64url') }) };
  }
}

/** The features of a record that have values, all or those asked for. */
function shown(group: LiveGroup, { values }: Found, names: readonly string[] | undefined): Sdk.FeatureValue[] {
  const wanted = names === undefined || names.length === 0 ? group.record.features.map(({ name }) => name) : names;
  return wanted.flatMap((FeatureName) => {
    const position = group.positions.get(FeatureName);
    if (position === undefined)
      throw runtimeError(`Validation Error: FeatureGroup ${group.record.name} has no feature ${FeatureName}`);
    const ValueAsString = values[position];
    return ValueAsString === null || ValueAsString === undefined ? [] : [{ FeatureName, ValueAsString }];
  });
}

function expiry({ expires }: Found, wanted: string | undefined): { ExpiresAt?: string } {
  return wanted === 'Enabled' && expires !== undefined ? { ExpiresAt: iso(expires) } : {};
}
