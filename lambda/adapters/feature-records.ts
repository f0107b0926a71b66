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
import { sendAll } from './unprocessed';

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

  /** Online records of several groups; unprocessed ones are asked for again. */
  async get(requests: readonly RecordRequest[]): Promise<ReadonlyMap<string, RecordsByEntity>> {
    const found = new Map<string, Map<string, FeatureRecord>>(requests.map(({ group }) => [group, new Map()]));
    await sendAll({
      items: requests.flatMap(({ group, entities }) => [...new Set(entities)].map((entity) => ({ group, entity }))),
      batchSize: MAX_RECORDS,
      attempts: ATTEMPTS,
      parallel: true,
      failure: (left) => `the feature store left ${left} records unread`,
      send: (batch) => this.getBatch(batch, found),
    });
    return found;
  }

  /** Puts one record per entity; an older one than stored changes nothing online. */
  async put(records: readonly EntityRecord[]): Promise<void> {
    const [first, second] = records;
    if (first !== undefined && second === undefined) {
      await this.client.send(new PutRecordCommand({ FeatureGroupName: first.group, Record: writeRecord(first) }));
      return;
    }
    await sendAll({
      items: records.map((record) => ({ FeatureGroupName: record.group, Record: writeRecord(record) })),
      batchSize: MAX_ENTRIES,
      attempts: ATTEMPTS,
      failure: (left) => `the feature store left ${left} records unwritten`,
      send: (batch) => this.putBatch(batch),
    });
  }

  private async getBatch(batch: readonly Wanted[], found: ReadonlyMap<string, Map<string, FeatureRecord>>): Promise<Wanted[]> {
    const Identifiers = [...groupBy(batch, ({ group }) => group)].map(([group, items]) => ({
      FeatureGroupName: group,
      RecordIdentifiersValueAsString: items.map(({ entity }) => entity),
    }));
    const answer = await this.client.send(new BatchGetRecordCommand({ Identifiers }));
    const failure = answer.Errors?.[0];
    if (failure !== undefined) throw new Error(`${failure.FeatureGroupName}: ${failure.ErrorCode}: ${failure.ErrorMessage}`);
    for (const { FeatureGroupName, RecordIdentifierValueAsString, Record } of answer.Records ?? []) {
      const record = readRecord(Record ?? []);
      if (record !== undefined) found.get(FeatureGroupName ?? '')?.set(RecordIdentifierValueAsString ?? '', record);
    }
    return (answer.UnprocessedIdentifiers ?? []).flatMap(
      ({ FeatureGroupName: group = '', RecordIdentifiersValueAsString = [] }) =>
        RecordIdentifiersValueAsString.map((entity) => ({ group, entity })),
    );
  }

  private async putBatch(batch: readonly Entry[]): Promise<Entry[]> {
    const answer = await this.client.send(new BatchWriteRecordCommand({ Entries: [...batch] }));
    const failure = answer.Errors?.[0];
    if (failure !== undefined)
      throw new Error(`the feature store refused a record: ${failure.ErrorCode}: ${failure.ErrorMessage}`);
    return (answer.UnprocessedEntries ?? []).map(({ FeatureGroupName = '', Record = [] }) => ({ FeatureGroupName, Record }));
  }
}

interface Wanted {
  readonly group: string;
  readonly entity: string;
}

interface Entry {
  readonly FeatureGroupName: string;
  readonly Record: FeatureValue[];
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
