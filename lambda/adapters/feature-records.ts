import {
  BatchGetRecordCommand,
  BatchWriteRecordCommand,
  type FeatureValue,
  PutRecordCommand,
  type SageMakerFeatureStoreRuntimeClient,
} from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { groupBy } from '../../core/group-by';
import { ENTITY_FEATURE, EVENT_TIME_FEATURE } from '../../core/naming';
import type { FeatureRecord } from '../../core/windows';

/** Records of one feature group by entity; entities without one are absent. */
export type RecordsByEntity = ReadonlyMap<string, FeatureRecord>;

export interface RecordRequest {
  /** Physical name of the feature group. */
  readonly group: string;
  readonly entities: readonly string[];
}

export interface EntityRecord extends FeatureRecord {
  /** Physical name of the feature group. */
  readonly group: string;
  readonly entity: string;
}

const MAX_RECORDS = 100;
const MAX_ENTRIES = 25;
const ATTEMPTS = 3;

/** Reads and writes records of the feature store. */
export class FeatureRecords {
  constructor(private readonly client: SageMakerFeatureStoreRuntimeClient) {}

  /** Online records of several groups; at most 100 per call, unprocessed ones are asked for again. */
  async get(requests: readonly RecordRequest[]): Promise<ReadonlyMap<string, RecordsByEntity>> {
    const found = new Map<string, Map<string, FeatureRecord>>(requests.map(({ group }) => [group, new Map()]));
    const wanted = requests.flatMap(({ group, entities }) => [...new Set(entities)].map((entity) => ({ group, entity })));
    const batches: (typeof wanted)[] = [];
    for (let start = 0; start < wanted.length; start += MAX_RECORDS) batches.push(wanted.slice(start, start + MAX_RECORDS));
    await Promise.all(batches.map((batch) => this.getBatch(batch, found)));
    return found;
  }

  /** Puts one record per entity; an older one than stored changes nothing online. */
  async put(records: readonly EntityRecord[]): Promise<void> {
    for (let start = 0; start < records.length; start += MAX_ENTRIES)
      await this.putBatch(records.slice(start, start + MAX_ENTRIES));
  }

  private async getBatch(
    batch: readonly { group: string; entity: string }[],
    found: ReadonlyMap<string, Map<string, FeatureRecord>>,
  ): Promise<void> {
    let identifiers = [...groupBy(batch, ({ group }) => group)].map(([group, items]) => ({
      FeatureGroupName: group,
      RecordIdentifiersValueAsString: items.map(({ entity }) => entity),
    }));
    for (let attempt = 0; attempt < ATTEMPTS && identifiers.length > 0; attempt += 1) {
      const answer = await this.client.send(new BatchGetRecordCommand({ Identifiers: identifiers }));
      const failure = answer.Errors?.[0];
      if (failure !== undefined) throw new Error(`${failure.FeatureGroupName}: ${failure.ErrorCode}: ${failure.ErrorMessage}`);
      for (const { FeatureGroupName, RecordIdentifierValueAsString, Record } of answer.Records ?? []) {
        const record = readRecord(Record ?? []);
        if (record !== undefined) found.get(FeatureGroupName ?? '')?.set(RecordIdentifierValueAsString ?? '', record);
      }
      identifiers = (answer.UnprocessedIdentifiers ?? []).map(({ FeatureGroupName, RecordIdentifiersValueAsString }) => ({
        FeatureGroupName: FeatureGroupName ?? '',
        RecordIdentifiersValueAsString: RecordIdentifiersValueAsString ?? [],
      }));
    }
    if (identifiers.length > 0) throw new Error('the feature store left records unread');
  }

  private async putBatch(records: readonly EntityRecord[]): Promise<void> {
    const [first] = records;
    if (records.length === 1 && first !== undefined) {
      await this.client.send(new PutRecordCommand({ FeatureGroupName: first.group, Record: writeRecord(first) }));
      return;
    }
    let entries = records.map((record) => ({ FeatureGroupName: record.group, Record: writeRecord(record) }));
    for (let attempt = 0; attempt < ATTEMPTS && entries.length > 0; attempt += 1) {
      const answer = await this.client.send(new BatchWriteRecordCommand({ Entries: entries }));
      const failure = answer.Errors?.[0];
      if (failure !== undefined)
        throw new Error(`the feature store refused a record: ${failure.ErrorCode}: ${failure.ErrorMessage}`);
      entries = (answer.UnprocessedEntries ?? []).map((entry) => ({
        FeatureGroupName: entry.FeatureGroupName ?? '',
        Record: entry.Record ?? [],
      }));
    }
    if (entries.length > 0) throw new Error('the feature store left records unwritten');
  }
}

function readRecord(values: readonly FeatureValue[]): FeatureRecord | undefined {
  const texts = new Map(values.map(({ FeatureName, ValueAsString }) => [FeatureName ?? '', ValueAsString]));
  const eventTime = Date.parse(texts.get(EVENT_TIME_FEATURE) ?? '');
  if (Number.isNaN(eventTime)) return undefined;
  const entries = [...texts].filter(([name]) => name !== ENTITY_FEATURE && name !== EVENT_TIME_FEATURE);
  return {
    eventTime,
    values: Object.fromEntries(entries.map(([name, text]) => [name, text === undefined ? null : Number(text)])),
  };
}

function writeRecord({ entity, eventTime, values }: EntityRecord): FeatureValue[] {
  const present = Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null);
  return [
    { FeatureName: ENTITY_FEATURE, ValueAsString: entity },
    { FeatureName: EVENT_TIME_FEATURE, ValueAsString: new Date(eventTime).toISOString() },
    ...present.map(([FeatureName, value]) => ({ FeatureName, ValueAsString: String(value) })),
  ];
}
