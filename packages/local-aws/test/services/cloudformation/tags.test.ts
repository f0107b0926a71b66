import { StackBench } from '../../support/stack-bench';

let bench: StackBench;

beforeAll(async () => {
  bench = await StackBench.start();
});
afterAll(() => bench.stop());

const KEYS = [{ AttributeName: 'id', KeyType: 'HASH' }];
const ATTRIBUTES = [{ AttributeName: 'id', AttributeType: 'S' }];
const own = { Tags: [{ Key: 'own', Value: 'kept' }] };
const RESOURCES = {
  Bucket: { Type: 'AWS::S3::Bucket' },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: { KeySchema: KEYS, AttributeDefinitions: ATTRIBUTES, BillingMode: 'PAY_PER_REQUEST', ...own },
  },
  Queue: { Type: 'AWS::SQS::Queue', Properties: own },
  Topic: { Type: 'AWS::SNS::Topic', Properties: own },
  Policy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: { Version: '2012-10-17', Statement: [] } },
  },
};
type TagList = { Key: string; Value: string }[];

/** Tags by resource, as `key=value`. */
async function tags(): Promise<Record<string, string[]>> {
  const { Bucket, Table, Queue, Topic } = await bench.resources('tags');
  const { account, region } = bench.bench.cloud;
  const text = (list: TagList | undefined): string[] => (list ?? []).map(({ Key, Value }) => `${Key}=${Value}`).toSorted();
  const bucket = await bench.call<{ TagSet: TagList }>('s3', 'GetBucketTagging', { Bucket }).catch(() => ({ TagSet: [] }));
  const table = await bench.call<{ Tags: TagList }>('dynamodb', 'ListTagsOfResource', {
    ResourceArn: `arn:aws:dynamodb:${region}:${account}:table/${Table}`,
  });
  const queue = await bench.call<{ Tags?: Record<string, string> }>('sqs', 'ListQueueTags', { QueueUrl: Queue });
  const topic = await bench.call<{ Tags: TagList }>('sns', 'ListTagsForResource', { ResourceArn: Topic });
  return {
    Bucket: text(bucket.TagSet),
    Table: text(table.Tags),
    Queue: Object.entries(queue.Tags ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .toSorted(),
    Topic: text(topic.Tags),
  };
}

const stackTags = (tagsOfStack: Record<string, string>) => ({
  Tags: Object.entries(tagsOfStack).map(([Key, Value]) => ({ Key, Value })),
});
const BROKEN = { Type: 'AWS::SSM::Parameter', Properties: { Name: '/x', Type: 'String', Value: 'x', AllowedPattern: '^y$' } };

test('a change of stack tags alone is a change of what carries tags, and of nothing else', async () => {
  await bench.deploy('tags', RESOURCES, stackTags({ team: 'one', stage: 'dev' }));
  expect(await tags()).toEqual({
    Bucket: ['stage=dev', 'team=one'],
    Table: ['own=kept', 'stage=dev', 'team=one'],
    Queue: ['own=kept', 'stage=dev', 'team=one'],
    Topic: ['own=kept', 'stage=dev', 'team=one'],
  });

  const set = await bench.plan('tags', RESOURCES, stackTags({ team: 'two' }));
  expect(set.Changes?.map(({ ResourceChange }) => [ResourceChange?.LogicalResourceId, ResourceChange?.Scope])).toEqual([
    ['Bucket', ['Tags']],
    ['Table', ['Tags']],
    ['Queue', ['Tags']],
    ['Topic', ['Tags']],
  ]);
  expect(await bench.execute('tags', set.ChangeSetName)).toBe('UPDATE_COMPLETE');
  expect(await tags()).toEqual({
    Bucket: ['team=two'],
    Table: ['own=kept', 'team=two'],
    Queue: ['own=kept', 'team=two'],
    Topic: ['own=kept', 'team=two'],
  });
});

test('the same tags in another order are no change', async () => {
  await bench.deploy('tags', RESOURCES, stackTags({ a: '1', b: '2' }));
  expect(await bench.deploy('tags', RESOURCES, stackTags({ b: '2', a: '1' }))).toMatch(/didn't contain changes/);
});

test('a failed update gives the former stack tags back', async () => {
  const before = await tags();
  const broken = { ...RESOURCES, Broken: { ...BROKEN, DependsOn: ['Bucket', 'Table', 'Queue', 'Topic'] } };

  expect(await bench.deploy('tags', broken, stackTags({ c: '3' }))).toBe('UPDATE_ROLLBACK_COMPLETE');

  expect(await tags()).toEqual(before);
  expect(await bench.deploy('tags', RESOURCES, stackTags({ a: '1', b: '2' }))).toMatch(/didn't contain changes/);
});

test('without any tag left, what had only those of the stack has none', async () => {
  await bench.deploy('tags', RESOURCES, stackTags({}));
  expect(await tags()).toEqual({ Bucket: [], Table: ['own=kept'], Queue: ['own=kept'], Topic: ['own=kept'] });
});
