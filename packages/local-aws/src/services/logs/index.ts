import type * as Sdk from '@aws-sdk/client-cloudwatch-logs';
import type { ServiceFactory } from '../../cloud';
import { AwsError } from '../../errors';
import { logsRights } from './authorization';
import { embeddedMetrics } from './emf';
import { listPage, searchPage, streamPage } from './paging';
import { logGroup, logStream } from './resources';
import { describeStreams, type StreamRecord, withEvents } from './streams';

interface GroupRecord {
  readonly name: string;
  readonly created: number;
  readonly retentionDays?: number;
  readonly kmsKeyId?: string;
}

interface EventRecord {
  readonly timestamp: number;
  readonly message: string;
}

const DAY_MS = 86_400_000;
const EVENTS_PER_MS = 4096;
/** Digits of an event's id. */
const ID_LENGTH = 56;

/** What the operations share. */
function logsScope(cloud: Parameters<ServiceFactory>[0]) {
  const groups = cloud.storage.table<GroupRecord>('logs/groups');
  const streams = cloud.storage.table<StreamRecord>('logs/streams');
  const events = cloud.storage.table<EventRecord>('logs/events');
  /** Orders events of one instant; begins above what an earlier run of the server has given, unless that made more than so many in a ms. */
  const numbers = { last: Date.now() * EVENTS_PER_MS };
  const group = (name: string | undefined): GroupRecord => {
    const found = groups.get(name ?? '');
    if (found === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return found;
  };
  const arn = (name: string): string => `arn:aws:logs:${cloud.region}:${cloud.account}:log-group:${name}:*`;
  const alive = (record: GroupRecord, timestamp: number): boolean =>
    record.retentionDays === undefined || timestamp >= cloud.clock.now() - record.retentionDays * DAY_MS;
  const select = (name: string, start: number, end: number, stream?: string) =>
    [...events.entries({ start: [name, start], end: [name, end, '\uffff'] })]
      .map(({ key, value }) => {
        const [, , stream, number] = key as (string | number)[];
        return { ...value, stream: String(stream), id: String(number).padStart(ID_LENGTH, '0') };
      })
      .filter((event) => (stream === undefined || event.stream === stream) && alive(group(name), event.timestamp));
  return { groups, cloud, group, events, streams, arn, select, numbers };
}
type LogsScope = ReturnType<typeof logsScope>;

async function publishMetrics(cloud: LogsScope['cloud'], messages: readonly string[]): Promise<void> {
  const byNamespace = new Map<string, object[]>();
  for (const { namespace, datum } of messages.flatMap(embeddedMetrics))
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), datum]);
  for (const [Namespace, MetricData] of byNamespace) {
    // As in CloudWatch, the events are kept whether or not their metrics can be.
    await cloud
      .call('cloudwatch', 'PutMetricData', { Namespace, MetricData }, cloud.asService('logs.amazonaws.com'))
      .catch((error: unknown) => cloud.log('logs', `embedded metrics of ${Namespace} dropped: ${String(error)}`));
  }
}

async function putLogEvents(
  { cloud, events, group, numbers, streams }: LogsScope,
  input: Sdk.PutLogEventsCommandInput,
): Promise<object> {
  const { name } = group(input.logGroupName);
  const stream = input.logStreamName ?? '';
  const record = streams.get([name, stream]);
  if (record === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  const batch = input.logEvents ?? [];
  if (batch.some((event, index) => (event.timestamp ?? 0) < (batch[index - 1]?.timestamp ?? 0))) {
    throw new AwsError(
      'InvalidParameterException',
      'Log events in a single PutLogEvents request must be in chronological order.',
    );
  }
  const now = cloud.clock.now();
  await cloud.storage.transaction(() => {
    const timestamps = batch.map(({ timestamp = now }) => timestamp);
    void streams.put([name, stream], withEvents(streams.get([name, stream]) ?? record, timestamps, now));
    for (const { timestamp = now, message = '' } of batch) {
      numbers.last += 1;
      void events.put([name, timestamp, stream, numbers.last], { timestamp, message });
    }
  });
  await publishMetrics(
    cloud,
    batch.map((event) => event.message ?? ''),
  );
  return { nextSequenceToken: String(numbers.last) };
}

async function createLogGroup({ groups, cloud }: LogsScope, input: Sdk.CreateLogGroupCommandInput) {
  const name = input.logGroupName ?? '';
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name))
    throw new AwsError(
      'InvalidParameterException',
      `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
    );
  if (groups.get(name) !== undefined)
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
  await groups.put(name, {
    name,
    created: cloud.clock.now(),
    ...(input.kmsKeyId === undefined ? {} : { kmsKeyId: input.kmsKeyId }),
  });
}

async function deleteLogGroup({ group, events, streams, groups }: LogsScope, input: Sdk.DeleteLogGroupCommandInput) {
  const { name } = group(input.logGroupName);
  for (const { key } of [...events.under([name])]) await events.remove(key);
  for (const { key } of [...streams.under([name])]) await streams.remove(key);
  await groups.remove(name);
}

async function deleteRetentionPolicy({ group, groups }: LogsScope, input: Sdk.DeleteRetentionPolicyCommandInput) {
  const { retentionDays: _, ...record } = group(input.logGroupName);
  await groups.put(record.name, record);
}

async function deleteLogStream({ group, streams, events }: LogsScope, input: Sdk.DeleteLogStreamCommandInput) {
  const { name } = group(input.logGroupName);
  const stream = input.logStreamName ?? '';
  if (streams.get([name, stream]) === undefined)
    throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  for (const { key } of [...events.under([name])]) if ((key as (string | number)[])[2] === stream) await events.remove(key);
  await streams.remove([name, stream]);
}

async function createLogStream({ group, streams, cloud }: LogsScope, input: Sdk.CreateLogStreamCommandInput) {
  const { name } = group(input.logGroupName);
  const stream = input.logStreamName ?? '';
  if (streams.get([name, stream]) !== undefined)
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
  await streams.put([name, stream], { name: stream, created: cloud.clock.now() });
}

function describeLogGroups({ groups, arn }: LogsScope, input: Sdk.DescribeLogGroupsCommandInput) {
  const { logGroupNamePrefix = '', logGroupNamePattern = '' } = input;
  const found = [...groups.entries()]
    .map(({ value }) => value)
    .filter(({ name }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern));
  const { items, ...token } = listPage(found, input);
  const logGroups = items.map((value) => ({
    logGroupName: value.name,
    creationTime: value.created,
    retentionInDays: value.retentionDays,
    arn: arn(value.name),
    kmsKeyId: value.kmsKeyId,
  }));
  return { logGroups, ...token };
}

function describeLogStreams({ group, streams, arn }: LogsScope, input: Sdk.DescribeLogStreamsCommandInput) {
  const { name } = group(input.logGroupName);
  return describeStreams(
    [...streams.under([name])].map(({ value }) => value),
    arn(name).slice(0, -':*'.length),
    input,
  );
}

function getLogEvents({ group, streams, select }: LogsScope, input: Sdk.GetLogEventsCommandInput) {
  const { name } = group(input.logGroupName);
  if (streams.get([name, input.logStreamName ?? '']) === undefined)
    throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  const found = select(name, input.startTime ?? 0, input.endTime ?? Number.MAX_SAFE_INTEGER, input.logStreamName);
  const { items, ...tokens } = streamPage(found, input);
  return { events: items.map(({ timestamp, message }) => ({ timestamp, message, ingestionTime: timestamp })), ...tokens };
}

function filterLogEvents({ select, group }: LogsScope, input: Sdk.FilterLogEventsCommandInput) {
  if (input.filterPattern !== undefined && !/^("[^"]*"|[\w-]*)$/.test(input.filterPattern))
    throw new AwsError(
      'InvalidParameterException',
      `The local AWS reads filter patterns of one term or phrase; given '${input.filterPattern}'`,
    );
  const term = (input.filterPattern ?? '').replaceAll('"', '');
  const found = select(group(input.logGroupName).name, input.startTime ?? 0, input.endTime ?? Number.MAX_SAFE_INTEGER).filter(
    ({ message, stream }) =>
      message.includes(term) &&
      (input.logStreamNames === undefined || input.logStreamNames.includes(stream)) &&
      stream.startsWith(input.logStreamNamePrefix ?? ''),
  );
  const { items, ...token } = searchPage(found, input);
  return {
    events: items.map(({ timestamp, message, stream, id }) => ({
      timestamp,
      message,
      ingestionTime: timestamp,
      logStreamName: stream,
      eventId: id,
    })),
    ...token,
  };
}

/** CloudWatch Logs: groups, streams, events; embedded metrics go to CloudWatch as they arrive; retention by the clock. */
export const logs: ServiceFactory = (cloud) => {
  const scope = logsScope(cloud);
  const { groups, group } = scope;
  return {
    name: 'logs',
    signingNames: ['logs'],
    sdk: '@aws-sdk/client-cloudwatch-logs',
    rights: logsRights,
    resources: [logGroup, logStream],
    operations: {
      CreateLogGroup: (input: Sdk.CreateLogGroupCommandInput) => createLogGroup(scope, input),
      DeleteLogGroup: (input: Sdk.DeleteLogGroupCommandInput) => deleteLogGroup(scope, input),
      PutRetentionPolicy: async (input: Sdk.PutRetentionPolicyCommandInput) =>
        groups.put(input.logGroupName ?? '', { ...group(input.logGroupName), retentionDays: input.retentionInDays ?? 0 }),
      DeleteRetentionPolicy: (input: Sdk.DeleteRetentionPolicyCommandInput) => deleteRetentionPolicy(scope, input),
      DeleteLogStream: (input: Sdk.DeleteLogStreamCommandInput) => deleteLogStream(scope, input),
      CreateLogStream: (input: Sdk.CreateLogStreamCommandInput) => createLogStream(scope, input),
      DescribeLogGroups: (input: Sdk.DescribeLogGroupsCommandInput) => describeLogGroups(scope, input),
      DescribeLogStreams: (input: Sdk.DescribeLogStreamsCommandInput) => describeLogStreams(scope, input),
      PutLogEvents: (input: Sdk.PutLogEventsCommandInput) => putLogEvents(scope, input),
      GetLogEvents: (input: Sdk.GetLogEventsCommandInput) => getLogEvents(scope, input),
      FilterLogEvents: (input: Sdk.FilterLogEventsCommandInput) => filterLogEvents(scope, input),
    },
  };
};
