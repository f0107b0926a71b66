import type * as Sdk from '@aws-sdk/client-sqs';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { noSuchQueue, QUEUE_DEFAULTS, type QueueRecord, type QueueStore } from './store';

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
};
const FREE = new Set(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId', 'SqsManagedSseEnabled']);

function checkAttributes(attributes: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value = ''] of Object.entries(attributes)) {
    if (FREE.has(name)) continue;
    const range = RANGES[name];
    if (range === undefined)
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}. (The local AWS has standard queues only.)`);
    if (!/^\d+$/.test(value) || Number(value) < range[0] || Number(value) > range[1])
      throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
  }
}

function checkRedrive(store: QueueStore, text: string | undefined): void {
  if (text === undefined || text === '') return;
  const invalid = (reason: string): AwsError =>
    new AwsError('InvalidParameterValue', `Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`);
  let policy: { deadLetterTargetArn?: string; maxReceiveCount?: number | string };
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalid('Redrive policy is not a valid JSON map.');
  }
  const count = Number(policy.maxReceiveCount);
  if (policy.deadLetterTargetArn === undefined)
    throw invalid('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw invalid('Invalid value for maxReceiveCount: it must be between 1 and 1000.');
  if (store.queues.get(policy.deadLetterTargetArn.split(':')[5] ?? '') === undefined)
    throw invalid('Dead letter target does not exist.');
}

/** A queue as a metric's or dashboard's source: what GetQueueAttributes answers. */
function describe(store: QueueStore, queue: QueueRecord): Record<string, string> {
  const counts = store.counts(queue);
  const encrypted = queue.attributes.KmsMasterKeyId !== undefined;
  return {
    ...QUEUE_DEFAULTS,
    ...(encrypted ? {} : { SqsManagedSseEnabled: 'true' }),
    ...queue.attributes,
    QueueArn: store.arn(queue.name),
    CreatedTimestamp: String(Math.floor(queue.created / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modified / 1000)),
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
  };
}

async function create(cloud: Cloud, store: QueueStore, input: Sdk.CreateQueueCommandInput): Promise<{ QueueUrl: string }> {
  const name = input.QueueName ?? '';
  if (!/^[\w-]{1,80}$/.test(name)) {
    const hint = name.endsWith('.fifo') ? ' The local AWS has standard queues only.' : '';
    throw new AwsError(
      'InvalidParameterValue',
      `Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.${hint}`,
    );
  }
  const attributes = { ...(input.Attributes as Record<string, string> | undefined) };
  checkAttributes(attributes);
  checkRedrive(store, attributes.RedrivePolicy);
  const known = store.queues.get(name);
  const different = Object.keys(attributes).find((key) => known !== undefined && known.attributes[key] !== attributes[key]);
  if (different !== undefined) {
    throw new AwsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${different}`,
    );
  }
  const now = cloud.clock.now();
  if (known === undefined)
    await store.queues.put(name, { name, created: now, modified: now, attributes, tags: input.tags ?? {} });
  return { QueueUrl: store.url(name) };
}

/** What the operations share. */
function queueScope(cloud: Cloud, store: QueueStore, changed: (name: string) => void) {
  return { store, cloud, changed };
}
type QueueScope = ReturnType<typeof queueScope>;

async function deleteQueue({ store, cloud }: QueueScope, input: Sdk.DeleteQueueCommandInput) {
  const { name } = store.byUrl(input.QueueUrl);
  await cloud.storage.transaction(() => {
    store.clear(name);
    void store.queues.remove(name);
  });
}

function getQueueUrl({ store }: QueueScope, input: Sdk.GetQueueUrlCommandInput) {
  if (store.queues.get(input.QueueName ?? '') === undefined) throw noSuchQueue();
  return { QueueUrl: store.url(input.QueueName ?? '') };
}

function listQueues({ store }: QueueScope, input: Sdk.ListQueuesCommandInput) {
  const prefix = input.QueueNamePrefix ?? '';
  const size = input.MaxResults ?? 1000;
  const start = input.NextToken ?? prefix;
  const names = [...store.queues.entries({ start, end: `${prefix}\uffff`, limit: size + 1 })].map(({ value }) => value.name);
  const next = names.length > size ? { NextToken: names[size] } : {};
  return { QueueUrls: names.slice(0, size).map((name) => store.url(name)), ...next };
}

function getQueueAttributes({ store }: QueueScope, input: Sdk.GetQueueAttributesCommandInput) {
  const all = describe(store, store.byUrl(input.QueueUrl));
  const wanted = input.AttributeNames ?? [];
  if (wanted.includes('All')) return { Attributes: all };
  return { Attributes: Object.fromEntries(wanted.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]))) };
}

async function setQueueAttributes({ store, cloud }: QueueScope, input: Sdk.SetQueueAttributesCommandInput) {
  const queue = store.byUrl(input.QueueUrl);
  checkAttributes(input.Attributes ?? {});
  checkRedrive(store, input.Attributes?.RedrivePolicy);
  // An empty value takes a policy or key away.
  const merged = Object.entries({ ...queue.attributes, ...input.Attributes }).filter(([, value]) => value !== '');
  const attributes = Object.fromEntries(merged) as Record<string, string>;
  await store.queues.put(queue.name, { ...queue, attributes, modified: cloud.clock.now() });
}

async function purgeQueue({ store, cloud, changed }: QueueScope, input: Sdk.PurgeQueueCommandInput) {
  const { name } = store.byUrl(input.QueueUrl);
  await cloud.storage.transaction(() => store.clear(name));
  changed(name);
}

function listDeadLetterSourceQueues({ store }: QueueScope, input: Sdk.ListDeadLetterSourceQueuesCommandInput) {
  const arn = store.arn(store.byUrl(input.QueueUrl).name);
  const sources = [...store.queues.entries()].filter(({ value }) => store.redrive(value)?.deadLetterTargetArn === arn);
  return { queueUrls: sources.map(({ value }) => store.url(value.name)) };
}

async function tagQueue({ store }: QueueScope, input: Sdk.TagQueueCommandInput) {
  const queue = store.byUrl(input.QueueUrl);
  await store.queues.put(queue.name, { ...queue, tags: { ...queue.tags, ...input.Tags } });
}

async function untagQueue({ store }: QueueScope, input: Sdk.UntagQueueCommandInput) {
  const queue = store.byUrl(input.QueueUrl);
  const tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => input.TagKeys?.includes(key) !== true));
  await store.queues.put(queue.name, { ...queue, tags });
}

/** Queues themselves: made, found, changed, described, deleted, tagged. */
export function queueOperations(cloud: Cloud, store: QueueStore, changed: (name: string) => void): Operations {
  const scope = queueScope(cloud, store, changed);
  return {
    CreateQueue: (input: Sdk.CreateQueueCommandInput) => create(cloud, store, input),
    DeleteQueue: (input: Sdk.DeleteQueueCommandInput) => deleteQueue(scope, input),
    GetQueueUrl: (input: Sdk.GetQueueUrlCommandInput) => getQueueUrl(scope, input),
    ListQueues: (input: Sdk.ListQueuesCommandInput) => listQueues(scope, input),
    GetQueueAttributes: (input: Sdk.GetQueueAttributesCommandInput) => getQueueAttributes(scope, input),
    SetQueueAttributes: (input: Sdk.SetQueueAttributesCommandInput) => setQueueAttributes(scope, input),
    PurgeQueue: (input: Sdk.PurgeQueueCommandInput) => purgeQueue(scope, input),
    ListDeadLetterSourceQueues: (input: Sdk.ListDeadLetterSourceQueuesCommandInput) => listDeadLetterSourceQueues(scope, input),
    TagQueue: (input: Sdk.TagQueueCommandInput) => tagQueue(scope, input),
    UntagQueue: (input: Sdk.UntagQueueCommandInput) => untagQueue(scope, input),
    ListQueueTags: (input: Sdk.ListQueueTagsCommandInput) => ({ Tags: store.byUrl(input.QueueUrl).tags }),
  };
}
