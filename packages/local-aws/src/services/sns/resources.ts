import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';

const TOPIC_ATTRIBUTES = ['DisplayName', 'KmsMasterKeyId', 'SignatureVersion', 'TracingConfig'] as const;
const SUBSCRIPTION_ATTRIBUTES = ['RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy'] as const;

function text(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function given(names: readonly string[], properties: ResourceProperties): Record<string, string> {
  return Object.fromEntries(names.filter((name) => properties[name] !== undefined).map((name) => [name, text(properties[name])]));
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof AwsError) || error.code !== 'NotFoundException') throw error;
}

function outcome(arn: string): ResourceOutcome {
  return { id: arn, attributes: { TopicArn: arn, TopicName: arn.slice(arn.lastIndexOf(':') + 1) } };
}

const topic: ResourceType = {
  type: 'AWS::SNS::Topic',
  enforced: ['TopicName', 'DisplayName', 'Subscription', 'Tags'],
  stored: {
    KmsMasterKeyId: 'messages are kept in the store of the local AWS',
    SignatureVersion: 'no client here can check a signature',
    TracingConfig: 'nothing is traced here',
  },
  async create(properties, context) {
    const { TopicArn } = await context.call<{ TopicArn: string }>('sns', 'CreateTopic', {
      Name: properties.TopicName ?? context.generateName(256),
      Attributes: given(TOPIC_ATTRIBUTES, properties),
      Tags: context.tags,
    });
    for (const { Protocol, Endpoint } of properties.Subscription ?? [])
      await context.call('sns', 'Subscribe', { TopicArn, Protocol, Endpoint });
    return outcome(TopicArn);
  },
  async update(id, properties, previous, context) {
    const set = (AttributeName: string, AttributeValue: string): Promise<unknown> =>
      context.call('sns', 'SetTopicAttributes', { TopicArn: id, AttributeName, AttributeValue });
    for (const name of TOPIC_ATTRIBUTES)
      if (properties[name] !== undefined || previous[name] !== undefined) await set(name, text(properties[name] ?? ''));
    for (const { Protocol, Endpoint } of properties.Subscription ?? [])
      await context.call('sns', 'Subscribe', { TopicArn: id, Protocol, Endpoint });
    await context.call('sns', 'TagResource', { ResourceArn: id, Tags: context.tags });
    return outcome(id);
  },
  async delete(id, _properties, context) {
    await context.call('sns', 'DeleteTopic', { TopicArn: id });
  },
};

const subscription: ResourceType = {
  type: 'AWS::SNS::Subscription',
  enforced: ['TopicArn', 'Protocol', 'Endpoint', ...SUBSCRIPTION_ATTRIBUTES],
  stored: { Region: 'one region only' },
  async create(properties, context) {
    const { SubscriptionArn } = await context.call<{ SubscriptionArn: string }>('sns', 'Subscribe', {
      TopicArn: properties.TopicArn,
      Protocol: properties.Protocol,
      Endpoint: properties.Endpoint,
      Attributes: given(SUBSCRIPTION_ATTRIBUTES, properties),
      ReturnSubscriptionArn: true,
    });
    return { id: SubscriptionArn, attributes: { Arn: SubscriptionArn } };
  },
  async update(id, properties, previous, context) {
    for (const name of SUBSCRIPTION_ATTRIBUTES) {
      if (properties[name] === undefined && previous[name] === undefined) continue;
      const AttributeValue = properties[name] === undefined ? '' : text(properties[name]);
      await context.call('sns', 'SetSubscriptionAttributes', { SubscriptionArn: id, AttributeName: name, AttributeValue });
    }
    return { id, attributes: { Arn: id } };
  },
  async delete(id, _properties, context) {
    await context.call('sns', 'Unsubscribe', { SubscriptionArn: id }).catch(ignoreMissing);
  },
};

async function setPolicy(topics: readonly string[], policy: string, context: ResourceContext): Promise<void> {
  for (const TopicArn of topics)
    await context.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue: policy });
}

const topicPolicy: ResourceType = {
  type: 'AWS::SNS::TopicPolicy',
  enforced: ['Topics', 'PolicyDocument'],
  stored: {},
  async create(properties, context) {
    await setPolicy(properties.Topics, text(properties.PolicyDocument), context);
    const id = context.generateName(128);
    return { id, attributes: { Id: id } };
  },
  async update(id, properties, previous, context) {
    const left = (previous.Topics as string[]).filter((arn) => !properties.Topics.includes(arn));
    await setPolicy(left, '', context).catch(ignoreMissing);
    await setPolicy(properties.Topics, text(properties.PolicyDocument), context);
    return { id, attributes: { Id: id } };
  },
  async delete(_id, properties, context) {
    for (const arn of properties.Topics) await setPolicy([arn], '', context).catch(ignoreMissing);
  },
};

export const snsResources: readonly ResourceType[] = [topic, subscription, topicPolicy];
