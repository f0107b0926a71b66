import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-kinesis';
import type { Cloud, Operations } from '../../cloud';
import { AwsError, validationError } from '../../errors';
import { sequenceOf } from './sequence';
import { type KinesisStore, makeShards, type ShardRecord, type StreamRecord } from './store';

type Reference = { readonly StreamName?: string | undefined; readonly StreamARN?: string | undefined };

const ON_DEMAND_SHARDS = 4;
const MAX_SHARDS = 500;
const MIN_HOURS = 24;
const MAX_HOURS = 8760;
const DEFAULT_KIB = 1024;
const MAX_KIB = 10_240;

function describeShard(shard: ShardRecord): Sdk.Shard {
  return {
    ShardId: shard.id,
    HashKeyRange: { StartingHashKey: shard.low, EndingHashKey: shard.high },
    SequenceNumberRange: { StartingSequenceNumber: shard.firstSequence },
  };
}

function checkHours(hours: number | undefined): number {
  if (hours !== undefined && Number.isInteger(hours) && hours >= MIN_HOURS && hours <= MAX_HOURS) return hours;
  throw new AwsError(
    'InvalidArgumentException',
    `RetentionPeriodHours must be between ${MIN_HOURS} and ${MAX_HOURS}; given ${hours}`,
  );
}

/** The part of a stream's description that both describe operations share. */
function describe(stream: StreamRecord) {
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: 'ACTIVE' as const,
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: new Date(stream.created),
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: stream.keyId === undefined ? ('NONE' as const) : ('KMS' as const),
    ...(stream.keyId === undefined ? {} : { KeyId: stream.keyId }),
  };
}

/** What the operations share. */
function streamScope(cloud: Cloud, store: KinesisStore) {
  return { store, cloud };
}
type StreamScope = ReturnType<typeof streamScope>;

async function createStream({ store, cloud }: StreamScope, input: Sdk.CreateStreamCommandInput): Promise<void> {
  const name = input.StreamName ?? '';
  if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(name))
    throw validationError(
      `1 validation error detected: Value '${name}' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
    );
  if (store.streams.get(name) !== undefined)
    throw new AwsError('ResourceInUseException', `Stream ${name} under account ${cloud.account} already exists.`);
  const mode = input.StreamModeDetails?.StreamMode ?? 'PROVISIONED';
  if (mode === 'ON_DEMAND' && input.ShardCount !== undefined)
    throw validationError('ShardCount must not be provided when StreamMode is set to ON_DEMAND.');
  const count = mode === 'ON_DEMAND' ? ON_DEMAND_SHARDS : (input.ShardCount ?? 0);
  if (!Number.isInteger(count) || count < 1 || count > MAX_SHARDS)
    throw validationError(`ShardCount must be between 1 and ${MAX_SHARDS}; given ${count}`);
  const created = cloud.clock.now();
  await store.streams.put(name, {
    name,
    arn: store.arn(name),
    incarnation: randomUUID(),
    created,
    mode,
    retentionHours: MIN_HOURS,
    maxRecordKiB: checkKiB(input.MaxRecordSizeInKiB ?? DEFAULT_KIB),
    shards: makeShards(count, (index) => sequenceOf(Math.floor(created), 0, index)),
    tags: input.Tags ?? {},
  });
}

async function deleteStream({ store }: StreamScope, input: Sdk.DeleteStreamCommandInput) {
  const stream = store.stream(input);
  await store.streams.remove(stream.name);
  await store.trim(stream, true);
}

function describeStream({ store }: StreamScope, input: Sdk.DescribeStreamCommandInput) {
  const stream = store.stream(input);
  const after = input.ExclusiveStartShardId;
  const shards = stream.shards.filter(({ id }) => after === undefined || id > after);
  const page = shards.slice(0, input.Limit ?? 100);
  const HasMoreShards = page.length < shards.length;
  return { StreamDescription: { ...describe(stream), Shards: page.map(describeShard), HasMoreShards } };
}

function describeStreamSummary({ store }: StreamScope, input: Sdk.DescribeStreamSummaryCommandInput) {
  const stream = store.stream(input);
  return {
    StreamDescriptionSummary: {
      ...describe(stream),
      OpenShardCount: stream.shards.length,
      ConsumerCount: 0,
      MaxRecordSizeInKiB: stream.maxRecordKiB,
    },
  };
}

function listShards({ store }: StreamScope, input: Sdk.ListShardsCommandInput): Partial<Sdk.ListShardsCommandOutput> {
  const [name, after] = input.NextToken === undefined ? [undefined, input.ExclusiveStartShardId] : input.NextToken.split('|');
  const stream = store.stream(name === undefined ? input : { StreamName: name });
  const shards = stream.shards.filter(({ id }) => after === undefined || id > after);
  const page = shards.slice(0, input.MaxResults ?? 1000);
  const last = page.at(-1);
  const next = last !== undefined && page.length < shards.length ? { NextToken: `${stream.name}|${last.id}` } : {};
  return { Shards: page.map(describeShard), ...next };
}

function listStreams({ store }: StreamScope) {
  const streams = [...store.streams.entries()].map(({ value }) => value);
  return {
    StreamNames: streams.map(({ name }) => name),
    StreamSummaries: streams.map(describe),
    HasMoreStreams: false,
  };
}

/** Creating, describing and deleting streams. */
export function streamOperations(cloud: Cloud, store: KinesisStore): Operations {
  const scope = streamScope(cloud, store);
  return {
    CreateStream: (input: Sdk.CreateStreamCommandInput) => createStream(scope, input),
    DeleteStream: (input: Sdk.DeleteStreamCommandInput) => deleteStream(scope, input),
    DescribeStream: (input: Sdk.DescribeStreamCommandInput) => describeStream(scope, input),
    DescribeStreamSummary: (input: Sdk.DescribeStreamSummaryCommandInput) => describeStreamSummary(scope, input),
    ListShards: (input: Sdk.ListShardsCommandInput) => listShards(scope, input),
    ListStreams: () => listStreams(scope),
    ...settingOperations(store),
  };
}

function checkKiB(kib: number): number {
  if (Number.isInteger(kib) && kib >= DEFAULT_KIB && kib <= MAX_KIB) return kib;
  throw validationError(`MaxRecordSizeInKiB must be between ${DEFAULT_KIB} and ${MAX_KIB}; given ${kib}`);
}

/** What can change of a stream: retention, encryption, mode, record size, tags. */
function settingOperations(store: KinesisStore): Operations {
  const change = (input: Reference, changes: (stream: StreamRecord) => Partial<StreamRecord>): Promise<void> => {
    const stream = store.stream(input);
    return store.streams.put(stream.name, { ...stream, ...changes(stream) });
  };
  const retag = (input: Reference, alter: (tags: Record<string, string>) => Record<string, string>): Promise<void> =>
    change(input, (stream) => ({ tags: alter({ ...stream.tags }) }));
  const without = (tags: Record<string, string>, keys: readonly string[] | undefined): Record<string, string> =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !keys?.includes(key)));
  const tagList = (input: Reference) => ({
    Tags: Object.entries(store.stream(input).tags).map(([Key, Value]) => ({ Key, Value })),
    HasMoreTags: false,
  });
  const retain = (direction: 1 | -1) => (input: Sdk.IncreaseStreamRetentionPeriodCommandInput) =>
    change(input, (stream) => {
      const hours = checkHours(input.RetentionPeriodHours);
      if ((hours - stream.retentionHours) * direction < 0)
        throw new AwsError(
          'InvalidArgumentException',
          `Requested retention period (${hours} hours) for stream ${stream.name} can not be ${direction === 1 ? 'shorter' : 'longer'} than existing retention period (${stream.retentionHours} hours). Use ${direction === 1 ? 'Decrease' : 'Increase'}RetentionPeriod API.`,
        );
      return { retentionHours: hours };
    });
  return {
    IncreaseStreamRetentionPeriod: retain(1),
    DecreaseStreamRetentionPeriod: retain(-1),
    StartStreamEncryption: (input: Sdk.StartStreamEncryptionCommandInput) => change(input, () => ({ keyId: input.KeyId ?? '' })),
    StopStreamEncryption: async (input: Sdk.StopStreamEncryptionCommandInput) => {
      const { keyId: _, ...stream } = store.stream(input);
      await store.streams.put(stream.name, stream);
    },
    UpdateStreamMode: (input: Sdk.UpdateStreamModeCommandInput) =>
      change(input, (stream) => ({ mode: input.StreamModeDetails?.StreamMode ?? stream.mode })),
    UpdateMaxRecordSize: (input: Sdk.UpdateMaxRecordSizeCommandInput) =>
      change(input, () => ({ maxRecordKiB: checkKiB(input.MaxRecordSizeInKiB ?? DEFAULT_KIB) })),
    AddTagsToStream: (input: Sdk.AddTagsToStreamCommandInput) => retag(input, (tags) => ({ ...tags, ...input.Tags })),
    RemoveTagsFromStream: (input: Sdk.RemoveTagsFromStreamCommandInput) => retag(input, (tags) => without(tags, input.TagKeys)),
    ListTagsForStream: (input: Sdk.ListTagsForStreamCommandInput) => tagList(input),
    TagResource: (input: Sdk.TagResourceCommandInput) =>
      retag({ StreamARN: input.ResourceARN }, (tags) => ({ ...tags, ...input.Tags })),
    UntagResource: (input: Sdk.UntagResourceCommandInput) =>
      retag({ StreamARN: input.ResourceARN }, (tags) => without(tags, input.TagKeys)),
    ListTagsForResource: (input: Sdk.ListTagsForResourceCommandInput) => ({
      Tags: tagList({ StreamARN: input.ResourceARN }).Tags,
    }),
  };
}
