import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';

const ATTRIBUTES = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
  'RedrivePolicy',
  'RedriveAllowPolicy',
] as const;
const ENCRYPTION = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'] as const;

function text(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function attributes(properties: ResourceProperties): Record<string, string> {
  const given = [...ATTRIBUTES, ...ENCRYPTION].filter((name) => properties[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, text(properties[name])]));
}

function outcome(url: string, context: ResourceContext): ResourceOutcome {
  const name = url.slice(url.lastIndexOf('/') + 1);
  const arn = `arn:aws:sqs:${context.region}:${context.account}:${name}`;
  return { id: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
}

const RESETS: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
  KmsDataKeyReusePeriodSeconds: '300',
  SqsManagedSseEnabled: 'true',
};

const queue: ResourceType = {
  type: 'AWS::SQS::Queue',
  enforced: ['QueueName', ...ATTRIBUTES, 'Tags'],
  stored: {
    KmsMasterKeyId: 'messages are kept in the store of the local AWS',
    KmsDataKeyReusePeriodSeconds: 'messages are kept in the store of the local AWS',
    SqsManagedSseEnabled: 'messages are kept in the store of the local AWS',
  },
  async create(properties, context) {
    const tags = Object.fromEntries(context.tags.map(({ Key, Value }) => [Key, Value]));
    const { QueueUrl } = await context.call<{ QueueUrl: string }>('sqs', 'CreateQueue', {
      QueueName: properties.QueueName ?? context.generateName(80),
      Attributes: attributes(properties),
      tags,
    });
    return outcome(QueueUrl, context);
  },
  async update(id, properties, previous, context) {
    const gone = Object.keys(attributes(previous)).filter((name) => properties[name] === undefined);
    const resets = Object.fromEntries(gone.map((name) => [name, RESETS[name] ?? '']));
    await context.call('sqs', 'SetQueueAttributes', { QueueUrl: id, Attributes: { ...resets, ...attributes(properties) } });
    const Tags = Object.fromEntries(context.tags.map(({ Key, Value }) => [Key, Value]));
    await context.call('sqs', 'TagQueue', { QueueUrl: id, Tags });
    return outcome(id, context);
  },
  async delete(id, _properties, context) {
    await context.call('sqs', 'DeleteQueue', { QueueUrl: id }).catch(ignoreMissing);
  },
};

function ignoreMissing(error: unknown): void {
  if (!(error instanceof AwsError) || error.code !== 'QueueDoesNotExist') throw error;
}

async function setPolicy(queues: readonly string[], policy: string, context: ResourceContext): Promise<void> {
  for (const QueueUrl of queues) await context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy: policy } });
}

const queuePolicy: ResourceType = {
  type: 'AWS::SQS::QueuePolicy',
  enforced: ['Queues', 'PolicyDocument'],
  stored: {},
  async create(properties, context) {
    await setPolicy(properties.Queues, text(properties.PolicyDocument), context);
    const id = context.generateName(128);
    return { id, attributes: { Id: id } };
  },
  async update(id, properties, previous, context) {
    const left = (previous.Queues as string[]).filter((url) => !properties.Queues.includes(url));
    await setPolicy(left, '', context).catch(ignoreMissing);
    await setPolicy(properties.Queues, text(properties.PolicyDocument), context);
    return { id, attributes: { Id: id } };
  },
  async delete(_id, properties, context) {
    for (const url of properties.Queues) await setPolicy([url], '', context).catch(ignoreMissing);
  },
};

export const sqsResources: readonly ResourceType[] = [queue, queuePolicy];
