import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-sns';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { checkPattern } from '../../patterns/event-pattern';
import type { SubscriptionRecord, TopicRecord, TopicStore } from './store';

const TOPIC_ATTRIBUTES = new Set(['DisplayName', 'KmsMasterKeyId', 'Policy', 'SignatureVersion', 'TracingConfig']);
const SUBSCRIPTION_ATTRIBUTES = new Set(['RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy']);

function invalid(reason: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: ${reason}`);
}

function checkNames(given: object | undefined, known: ReadonlySet<string>): void {
  const unknown = Object.keys(given ?? {}).find((name) => !known.has(name));
  if (unknown !== undefined) throw invalid(`Attributes Reason: Unknown attribute ${unknown} (not supported by the local AWS)`);
}

function checkSubscriptionAttributes(given: Readonly<Record<string, string>>): void {
  checkNames(given, SUBSCRIPTION_ATTRIBUTES);
  if (given.FilterPolicy === undefined || given.FilterPolicy === '') return;
  try {
    checkPattern(given.FilterPolicy);
  } catch (error) {
    throw invalid(`FilterPolicy: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What the operations share. */
function topicScope(_cloud: Cloud, store: TopicStore) {
  const change = (topic: TopicRecord, name: string, value: string): Promise<void> => {
    checkNames({ [name]: value }, TOPIC_ATTRIBUTES);
    const { [name]: _before, ...rest } = topic.attributes;
    return store.topics.put(topic.arn, { ...topic, attributes: value === '' ? rest : { ...rest, [name]: value } });
  };
  return { store, change };
}
type TopicScope = ReturnType<typeof topicScope>;

async function createTopic({ store }: TopicScope, input: Sdk.CreateTopicCommandInput) {
  const name = input.Name ?? '';
  if (!/^[\w-]{1,256}$/.test(name)) {
    const hint = name.endsWith('.fifo') ? ' (the local AWS has standard topics only)' : '';
    throw invalid(`Topic Name${hint}`);
  }
  checkNames(input.Attributes, TOPIC_ATTRIBUTES);
  const arn = store.arn(name);
  const attributes = { ...store.topics.get(arn)?.attributes, ...(input.Attributes as Record<string, string> | undefined) };
  const tags = (input.Tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }));
  await store.topics.put(arn, { arn, name, attributes, tags });
  return { TopicArn: arn };
}

async function deleteTopic({ store }: TopicScope, input: Sdk.DeleteTopicCommandInput) {
  for (const subscription of store.subscriptionsOf(input.TopicArn ?? '')) await store.removeSubscription(subscription);
  await store.topics.remove(input.TopicArn ?? '');
}

function getTopicAttributes({ store }: TopicScope, input: Sdk.GetTopicAttributesCommandInput) {
  const topic = store.topic(input.TopicArn);
  const subscriptions = store.subscriptionsOf(topic.arn);
  const count = (pending: boolean): string => String(subscriptions.filter((entry) => entry.pending === pending).length);
  const counts = { SubscriptionsConfirmed: count(false), SubscriptionsPending: count(true), SubscriptionsDeleted: '0' };
  const owner = topic.arn.split(':')[4] ?? '';
  return { Attributes: { TopicArn: topic.arn, Owner: owner, DisplayName: '', ...counts, ...topic.attributes } };
}

async function tagResource({ store }: TopicScope, input: Sdk.TagResourceCommandInput) {
  const topic = store.topic(input.ResourceArn);
  const added = (input.Tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }));
  const kept = topic.tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key));
  await store.topics.put(topic.arn, { ...topic, tags: [...kept, ...added] });
  return {};
}

async function untagResource({ store }: TopicScope, input: Sdk.UntagResourceCommandInput) {
  const topic = store.topic(input.ResourceArn);
  const tags = topic.tags.filter(({ Key }) => input.TagKeys?.includes(Key) !== true);
  await store.topics.put(topic.arn, { ...topic, tags });
  return {};
}

/** Topics: made, found, changed, deleted. */
export function topicOperations(_cloud: Cloud, store: TopicStore): Operations {
  const scope = topicScope(_cloud, store);
  const { change } = scope;
  return {
    CreateTopic: (input: Sdk.CreateTopicCommandInput) => createTopic(scope, input),
    DeleteTopic: (input: Sdk.DeleteTopicCommandInput) => deleteTopic(scope, input),
    ListTopics: () => ({ Topics: [...store.topics.entries()].map(({ value }) => ({ TopicArn: value.arn })) }),
    GetTopicAttributes: (input: Sdk.GetTopicAttributesCommandInput) => getTopicAttributes(scope, input),
    SetTopicAttributes: (input: Sdk.SetTopicAttributesCommandInput) =>
      change(store.topic(input.TopicArn), input.AttributeName ?? '', input.AttributeValue ?? ''),
    TagResource: (input: Sdk.TagResourceCommandInput) => tagResource(scope, input),
    UntagResource: (input: Sdk.UntagResourceCommandInput) => untagResource(scope, input),
    ListTagsForResource: (input: Sdk.ListTagsForResourceCommandInput) => ({ Tags: store.topic(input.ResourceArn).tags }),
  };
}

function checkEndpoint(protocol: string, endpoint: string): void {
  const expected: Readonly<Record<string, RegExp>> = {
    email: /^[^@\s]+@[^@\s]+$/,
    'email-json': /^[^@\s]+@[^@\s]+$/,
    sqs: /^arn:aws:sqs:/,
    lambda: /^arn:aws:lambda:/,
  };
  const pattern = expected[protocol];
  if (pattern === undefined)
    throw invalid(`Protocol Reason: the local AWS delivers to sqs, lambda and (as pending) email; given '${protocol}'`);
  if (!pattern.test(endpoint)) throw invalid(`${protocol} endpoint: ${endpoint}`);
}

async function subscribe(store: TopicStore, input: Sdk.SubscribeCommandInput): Promise<{ SubscriptionArn: string }> {
  const topic = store.topic(input.TopicArn);
  const { Protocol: protocol = '', Endpoint: endpoint = '' } = input;
  checkEndpoint(protocol, endpoint);
  const attributes = (input.Attributes ?? {}) as Record<string, string>;
  checkSubscriptionAttributes(attributes);
  const same = store.subscriptionsOf(topic.arn).find((entry) => entry.protocol === protocol && entry.endpoint === endpoint);
  const pending = protocol.startsWith('email');
  const record = same ?? { arn: `${topic.arn}:${randomUUID()}`, topicArn: topic.arn, protocol, endpoint, pending, attributes };
  if (same === undefined) await store.putSubscription(record);
  return { SubscriptionArn: record.pending && input.ReturnSubscriptionArn !== true ? 'pending confirmation' : record.arn };
}

/** Subscriptions: made, found, changed, ended. */
export function subscriptionOperations(cloud: Cloud, store: TopicStore): Operations {
  const describe = (record: SubscriptionRecord): Sdk.Subscription => ({
    SubscriptionArn: record.pending ? 'PendingConfirmation' : record.arn,
    Owner: cloud.account,
    Protocol: record.protocol,
    Endpoint: record.endpoint,
    TopicArn: record.topicArn,
  });
  return {
    Subscribe: (input: Sdk.SubscribeCommandInput) => subscribe(store, input),
    Unsubscribe: async (input: Sdk.UnsubscribeCommandInput) => {
      await store.removeSubscription(store.subscription(input.SubscriptionArn));
    },
    ListSubscriptions: () => ({ Subscriptions: store.allSubscriptions().map(describe) }),
    ListSubscriptionsByTopic: (input: Sdk.ListSubscriptionsByTopicCommandInput) => ({
      Subscriptions: store.subscriptionsOf(store.topic(input.TopicArn).arn).map(describe),
    }),
    GetSubscriptionAttributes: (input: Sdk.GetSubscriptionAttributesCommandInput) => {
      const record = store.subscription(input.SubscriptionArn);
      const { arn, topicArn, protocol, endpoint } = record;
      const base = { SubscriptionArn: arn, TopicArn: topicArn, Protocol: protocol, Endpoint: endpoint, Owner: cloud.account };
      return {
        Attributes: { ...base, PendingConfirmation: String(record.pending), RawMessageDelivery: 'false', ...record.attributes },
      };
    },
    SetSubscriptionAttributes: async (input: Sdk.SetSubscriptionAttributesCommandInput) => {
      const record = store.subscription(input.SubscriptionArn);
      const { [input.AttributeName ?? '']: _before, ...rest } = record.attributes;
      const value = input.AttributeValue ?? '';
      const added: Record<string, string> = { [input.AttributeName ?? '']: value };
      checkSubscriptionAttributes(added);
      await store.putSubscription({ ...record, attributes: value === '' ? rest : { ...rest, ...added } });
    },
  };
}
