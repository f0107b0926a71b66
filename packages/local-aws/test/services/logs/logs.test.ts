import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  type DescribeLogStreamsCommandInput,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CloudBench, failure } from '../../support/cloud-bench';

const START = Date.UTC(2030, 0, 1);
const DAY_MS = 86_400_000;
let bench: CloudBench;
let client: CloudWatchLogsClient;

beforeAll(async () => {
  bench = await CloudBench.start({ startAt: START });
  client = await bench.client(CloudWatchLogsClient);
});
afterAll(() => bench.stop());

async function group(logGroupName: string, ...streams: string[]): Promise<void> {
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of streams) await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
}
const put = (logGroupName: string, logStreamName: string, ...events: [number, string][]) =>
  client.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName,
      logEvents: events.map(([at, message]) => ({ timestamp: START + at, message })),
    }),
  );
const filter = async (logGroupName: string, more: Partial<FilterLogEventsCommandInput> = {}) =>
  (await client.send(new FilterLogEventsCommand({ logGroupName, ...more }))).events?.map(({ message }) => message);

test('events of all streams come in order of time; equal instants in the order they came', async () => {
  await group('order', 'a', 'b');
  await put('order', 'a', [1, 'one'], [3, 'three'], [3, 'three again']);
  await put('order', 'b', [2, 'two']);

  expect(await filter('order')).toEqual(['one', 'two', 'three', 'three again']);
  expect(await filter('order', { startTime: START + 2, endTime: START + 3, filterPattern: 'two' })).toEqual(['two']);
  expect(await filter('order', { filterPattern: '"three again"' })).toEqual(['three again']);
  expect(await filter('order', { limit: 1 })).toEqual(['one']);
  const { events } = await client.send(new GetLogEventsCommand({ logGroupName: 'order', logStreamName: 'b' }));
  expect(events?.map(({ message }) => message)).toEqual(['two']);
  const none = client.send(new GetLogEventsCommand({ logGroupName: 'order', logStreamName: 'none' }));
  expect(await failure(none)).toEqual({
    name: 'ResourceNotFoundException',
    message: 'The specified log stream does not exist.',
    status: 400,
  });
  expect(await failure(filter('order', { filterPattern: '{ $.a = 1 }' }))).toMatchObject({ name: 'InvalidParameterException' });
});

test('retention hides events when their days have passed on the clock', async () => {
  await group('short', 's');
  await client.send(new PutRetentionPolicyCommand({ logGroupName: 'short', retentionInDays: 1 }));
  await put('short', 's', [0, 'old'], [DAY_MS / 2, 'newer']);
  expect(await filter('short')).toEqual(['old', 'newer']);

  await bench.cloud.clock.advance(DAY_MS + 60_000);

  expect(await filter('short')).toEqual(['newer']);
});

test('what does not exist, exists twice or is out of order is refused', async () => {
  await group('strict', 's');
  const missing = { name: 'ResourceNotFoundException', message: 'The specified log stream does not exist.' };
  expect(await failure(put('none', 's', [0, 'x']))).toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
  expect(await failure(put('strict', 'none', [0, 'x']))).toMatchObject(missing);
  expect(await failure(group('strict'))).toMatchObject({ name: 'ResourceAlreadyExistsException' });
  expect(await failure(group('a b'))).toMatchObject({ name: 'InvalidParameterException' });
  expect(await failure(put('strict', 's', [2, 'x'], [1, 'y']))).toMatchObject({
    message: 'Log events in a single PutLogEvents request must be in chronological order.',
  });
  expect(await filter('strict')).toEqual([]);
});

test('a stream and a group go with their events and leave those of others', async () => {
  await group('first', 'a', 'b');
  await group('first2', 'a');
  for (const [name, stream] of [
    ['first', 'a'],
    ['first', 'b'],
    ['first2', 'a'],
  ] as const)
    await put(name, stream, [0, `${name} ${stream}`]);

  await client.send(new DeleteLogStreamCommand({ logGroupName: 'first', logStreamName: 'a' }));
  expect(await filter('first')).toEqual(['first b']);
  await client.send(new DeleteLogGroupCommand({ logGroupName: 'first' }));

  const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'first' }));
  expect(logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['first2']);
  await group('first', 'a');
  expect(await filter('first')).toEqual([]);
});

test('what is longer than a page is read on by its token, forward and backward, and no event is met twice', async () => {
  await group('pages', 's', 'other');
  await put('pages', 's', [1, 'a'], [2, 'b'], [2, 'c'], [2, 'd'], [3, 'e']);
  await put('pages', 'other', [2, 'x']);
  const get = async (more: object) => {
    const answer = await client.send(
      new GetLogEventsCommand({ logGroupName: 'pages', logStreamName: 's', limit: 2, startFromHead: true, ...more }),
    );
    return { ...answer, text: answer.events?.map(({ message }) => message).join('') };
  };

  const first = await get({});
  const second = await get({ nextToken: first.nextForwardToken });
  const third = await get({ nextToken: second.nextForwardToken });
  const end = await get({ nextToken: third.nextForwardToken });
  const newest = await get({ startFromHead: false });
  const older = await get({ nextToken: newest.nextBackwardToken });
  const all = await client.send(new FilterLogEventsCommand({ logGroupName: 'pages', limit: 4, logStreamNames: ['s'] }));
  const rest = await client.send(
    new FilterLogEventsCommand({ logGroupName: 'pages', limit: 4, logStreamNames: ['s'], nextToken: all.nextToken }),
  );

  expect([first.text, second.text, third.text, end.text, newest.text, older.text]).toEqual(['ab', 'cd', 'e', '', 'de', 'bc']);
  expect(end.nextForwardToken).toBe(third.nextForwardToken);
  expect([...(all.events ?? []), ...(rest.events ?? [])].map(({ message }) => message).join('')).toBe('abcde');
  expect(rest.nextToken).toBeUndefined();
  expect(await failure(get({ nextToken: 'nonsense' }))).toMatchObject({ name: 'InvalidParameterException' });
});

test('each event has an id of its own, by which a reader that asks again knows what it has', async () => {
  await group('ids', 's');
  await put('ids', 's', [1, 'same'], [1, 'same']);
  const ids = async (): Promise<(string | undefined)[] | undefined> =>
    (await client.send(new FilterLogEventsCommand({ logGroupName: 'ids' }))).events?.map(({ eventId }) => eventId);

  const first = await ids();

  expect(first).toEqual([expect.stringMatching(/^\d{56}$/), expect.stringMatching(/^\d{56}$/)]);
  expect(new Set(first).size).toBe(2);
  expect(await ids()).toEqual(first);
});

test('streams are listed by name or by their last events, page by page, with the instants of their events', async () => {
  await group('listed', 'a', 'b', 'c');
  await put('listed', 'b', [1, 'x'], [9, 'y']);
  await put('listed', 'c', [5, 'z']);
  const list = async (more: Partial<DescribeLogStreamsCommandInput> = {}) =>
    client.send(new DescribeLogStreamsCommand({ logGroupName: 'listed', ...more }));
  const namesOf = async (more?: Partial<DescribeLogStreamsCommandInput>) =>
    (await list(more)).logStreams?.map(({ logStreamName }) => logStreamName);

  expect(await namesOf()).toEqual(['a', 'b', 'c']);
  expect(await namesOf({ descending: true })).toEqual(['c', 'b', 'a']);
  expect(await namesOf({ orderBy: 'LastEventTime', descending: true })).toEqual(['b', 'c', 'a']);
  const first = await list({ limit: 2 });
  expect(first.logStreams?.[1]).toMatchObject({
    firstEventTimestamp: START + 1,
    lastEventTimestamp: START + 9,
    arn: expect.stringMatching(/:log-group:listed:log-stream:b$/),
  });
  expect(await namesOf({ limit: 2, nextToken: first.nextToken })).toEqual(['c']);
  expect(await failure(list({ orderBy: 'LastEventTime', logStreamNamePrefix: 'a' }))).toMatchObject({
    message: 'Cannot order by LastEventTime with a logStreamNamePrefix.',
  });
});

test('groups are listed page by page, by prefix or by a part of their names', async () => {
  for (const name of ['/paged/one', '/paged/two', '/paged/three']) await group(name);
  const list = (more: object) => client.send(new DescribeLogGroupsCommand(more));

  const first = await list({ logGroupNamePrefix: '/paged/', limit: 2 });
  const rest = await list({ logGroupNamePrefix: '/paged/', limit: 2, nextToken: first.nextToken });

  const names = [first, rest].map(({ logGroups }) => logGroups?.map(({ logGroupName }) => logGroupName));
  expect(names).toEqual([['/paged/one', '/paged/three'], ['/paged/two']]);
  expect((await list({ logGroupNamePattern: 'ged/tw' })).logGroups).toMatchObject([{ logGroupName: '/paged/two' }]);
  expect(await failure(list({ nextToken: 'x' }))).toMatchObject({ name: 'InvalidParameterException' });
});
