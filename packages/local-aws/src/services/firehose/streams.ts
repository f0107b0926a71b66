import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-firehose';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { checkDestination, describeDestination } from './destination';
import type { DeliveryRunner } from './runner';
import { type DeliveryStreamRecord, type FirehoseStore, invalidArgument } from './store';

const SUPPORTED = new Set([
  'DeliveryStreamName',
  'DeliveryStreamType',
  'KinesisStreamSourceConfiguration',
  'ExtendedS3DestinationConfiguration',
  'Tags',
]);
const DESTINATION = 'destinationId-000000000001';

function describe(record: DeliveryStreamRecord): Sdk.DeliveryStreamDescription {
  const { source, destination } = record;
  const { BucketARN, RoleARN, Prefix, ErrorOutputPrefix, BufferingHints, CompressionFormat, ...rest } =
    describeDestination(destination);
  const plain = { BucketARN, RoleARN, Prefix, ErrorOutputPrefix, BufferingHints, CompressionFormat };
  const { EncryptionConfiguration, CloudWatchLoggingOptions } = rest;
  return {
    DeliveryStreamName: record.name,
    DeliveryStreamARN: record.arn,
    DeliveryStreamStatus: 'ACTIVE',
    DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
    DeliveryStreamType: source === undefined ? 'DirectPut' : 'KinesisStreamAsSource',
    VersionId: String(record.version),
    CreateTimestamp: new Date(record.created),
    LastUpdateTimestamp: new Date(record.updated),
    ...(source === undefined
      ? {}
      : {
          Source: {
            KinesisStreamSourceDescription: {
              KinesisStreamARN: source.streamArn,
              RoleARN: source.roleArn,
              DeliveryStartTimestamp: new Date(record.created),
            },
          },
        }),
    Destinations: [
      {
        DestinationId: DESTINATION,
        S3DestinationDescription: { ...plain, EncryptionConfiguration, CloudWatchLoggingOptions },
        ExtendedS3DestinationDescription: { ...plain, ...rest },
      },
    ],
    HasMoreDestinations: false,
  };
}

function sourceOf(input: Sdk.CreateDeliveryStreamCommandInput): DeliveryStreamRecord['source'] {
  const { DeliveryStreamType: type = 'DirectPut', KinesisStreamSourceConfiguration: kinesis } = input;
  if (type === 'DirectPut') {
    if (kinesis !== undefined) throw invalidArgument('KinesisStreamSourceConfiguration is only for KinesisStreamAsSource.');
    return undefined;
  }
  if (type !== 'KinesisStreamAsSource') throw invalidArgument(`The local AWS does not support the delivery stream type ${type}`);
  if (kinesis?.KinesisStreamARN === undefined || kinesis.RoleARN === undefined)
    throw invalidArgument('KinesisStreamSourceConfiguration is required for KinesisStreamAsSource.');
  return { streamArn: kinesis.KinesisStreamARN, roleArn: kinesis.RoleARN };
}

/** What the operations share. */
function streamScope(cloud: Cloud, store: FirehoseStore, runner: DeliveryRunner) {
  return { store, cloud, runner };
}
type StreamScope = ReturnType<typeof streamScope>;

async function createDeliveryStream(
  { store, cloud, runner }: StreamScope,
  input: Sdk.CreateDeliveryStreamCommandInput,
): Promise<object> {
  const name = input.DeliveryStreamName ?? '';
  if (!/^[a-zA-Z0-9_.-]{1,64}$/.test(name))
    throw invalidArgument(
      `1 validation error detected: Value '${name}' at 'deliveryStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
    );
  const unsupported = Object.entries(input).find(([key, value]) => value !== undefined && !SUPPORTED.has(key));
  if (unsupported !== undefined) throw invalidArgument(`The local AWS does not support ${unsupported[0]} of a delivery stream`);
  const destination = input.ExtendedS3DestinationConfiguration;
  if (destination === undefined) throw invalidArgument('Exactly one destination configuration is supported for a Firehose');
  checkDestination(destination);
  const source = sourceOf(input);
  if (store.streams.get(name) !== undefined)
    throw new AwsError('ResourceInUseException', `Firehose ${name} under accountId ${cloud.account} already exists`);
  const now = cloud.clock.now();
  const record: DeliveryStreamRecord = {
    name,
    arn: store.arn(name),
    incarnation: randomUUID(),
    created: now,
    updated: now,
    version: 1,
    destination,
    tags: input.Tags ?? [],
    ...(source === undefined ? {} : { source }),
  };
  await store.streams.put(name, record);
  await runner.start(record);
  return { DeliveryStreamARN: record.arn };
}

function describeDeliveryStream({ store }: StreamScope, input: Sdk.DescribeDeliveryStreamCommandInput) {
  return {
    DeliveryStreamDescription: describe(store.stream(input.DeliveryStreamName)),
  };
}

async function deleteDeliveryStream({ store, runner, cloud }: StreamScope, input: Sdk.DeleteDeliveryStreamCommandInput) {
  const { name, incarnation } = store.stream(input.DeliveryStreamName);
  await runner.stop(name);
  await cloud.storage.transaction(() => {
    for (const table of [store.positions, store.direct])
      for (const { key } of [...table.under([incarnation])]) void table.remove(key);
    void store.streams.remove(name);
  });
  return {};
}

function listDeliveryStreams({ store }: StreamScope, input: Sdk.ListDeliveryStreamsCommandInput) {
  const after = input.ExclusiveStartDeliveryStreamName ?? '';
  const all = [...store.streams.entries()]
    .map(({ value }) => value)
    .filter(({ name, source }) => name > after && matches(input.DeliveryStreamType, source !== undefined));
  const names = all.slice(0, input.Limit ?? 10).map(({ name }) => name);
  return { DeliveryStreamNames: names, HasMoreDeliveryStreams: names.length < all.length };
}

function listTagsForDeliveryStream({ store }: StreamScope, input: Sdk.ListTagsForDeliveryStreamCommandInput) {
  return {
    Tags: [...store.stream(input.DeliveryStreamName).tags],
    HasMoreTags: false,
  };
}

async function tagDeliveryStream({ store }: StreamScope, input: Sdk.TagDeliveryStreamCommandInput) {
  const known = store.stream(input.DeliveryStreamName);
  const given = input.Tags ?? [];
  const kept = known.tags.filter(({ Key }) => !given.some((tag) => tag.Key === Key));
  await store.streams.put(known.name, { ...known, tags: [...kept, ...given] });
  return {};
}

/** Making, describing, changing and deleting delivery streams. */
export function streamOperations(cloud: Cloud, store: FirehoseStore, runner: DeliveryRunner): Operations {
  const scope = streamScope(cloud, store, runner);
  return {
    CreateDeliveryStream: (input: Sdk.CreateDeliveryStreamCommandInput) => createDeliveryStream(scope, input),
    DescribeDeliveryStream: (input: Sdk.DescribeDeliveryStreamCommandInput) => describeDeliveryStream(scope, input),
    DeleteDeliveryStream: (input: Sdk.DeleteDeliveryStreamCommandInput) => deleteDeliveryStream(scope, input),
    ListDeliveryStreams: (input: Sdk.ListDeliveryStreamsCommandInput) => listDeliveryStreams(scope, input),
    UpdateDestination: (input: Sdk.UpdateDestinationCommandInput) => update(cloud, store, runner, input),
    ListTagsForDeliveryStream: (input: Sdk.ListTagsForDeliveryStreamCommandInput) => listTagsForDeliveryStream(scope, input),
    TagDeliveryStream: (input: Sdk.TagDeliveryStreamCommandInput) => tagDeliveryStream(scope, input),
  };
}

function matches(type: Sdk.DeliveryStreamType | undefined, reads: boolean): boolean {
  return type === undefined || type === (reads ? 'KinesisStreamAsSource' : 'DirectPut');
}

async function update(
  cloud: Cloud,
  store: FirehoseStore,
  runner: DeliveryRunner,
  input: Sdk.UpdateDestinationCommandInput,
): Promise<object> {
  const known = store.stream(input.DeliveryStreamName);
  if (input.CurrentDeliveryStreamVersionId !== String(known.version))
    throw new AwsError('ConcurrentModificationException', `The version of Firehose ${known.name} is ${known.version}`);
  if (input.DestinationId !== DESTINATION) throw invalidArgument(`Destination ${input.DestinationId} not found`);
  const changes = input.ExtendedS3DestinationUpdate;
  if (changes === undefined) throw invalidArgument('The local AWS updates an ExtendedS3Destination');
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const destination = { ...known.destination, ...given };
  checkDestination(destination);
  const next = { ...known, destination, version: known.version + 1, updated: cloud.clock.now() };
  await store.streams.put(known.name, next);
  runner.change(next);
  return {};
}
