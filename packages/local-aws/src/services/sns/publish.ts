import { randomBytes, randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-sns';
import type { Call, Cloud, Operations } from '../../cloud';
import { DeliveryQueue, type Failure, type RetryPolicy } from '../../delivery/delivery-queue';
import type { DataKeys } from '../../encryption/data-keys';
import { AwsError } from '../../errors';
import { matches } from '../../patterns/event-pattern';
import type { SubscriptionRecord, TopicStore } from './store';

const MAX_BYTES = 262_144;
/** What SNS does for AWS-managed endpoints: 23 days of attempts. */
const RETRY: RetryPolicy = { attempts: 100_015, maxAgeMs: 23 * 86_400_000 };

type Attributes = Readonly<Record<string, Sdk.MessageAttributeValue>>;

interface Notice {
  readonly id: string;
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
  readonly attributes: Attributes;
  readonly time: number;
  readonly subscription: SubscriptionRecord;
}

interface Message {
  readonly Message?: string | undefined;
  readonly Subject?: string | undefined;
  readonly MessageStructure?: string | undefined;
  readonly MessageAttributes?: Record<string, Sdk.MessageAttributeValue> | undefined;
}

function invalid(reason: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: ${reason}`);
}

function attributeValue({ DataType, StringValue, BinaryValue }: Sdk.MessageAttributeValue): string {
  return DataType?.startsWith('Binary') === true ? Buffer.from(BinaryValue ?? []).toString('base64') : (StringValue ?? '');
}

/** Attributes as the fields that a filter policy looks at. */
function filterFields(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType = '', StringValue = '' }]) => {
      if (DataType.startsWith('Number')) return [name, Number(StringValue)];
      return [name, DataType === 'String.Array' ? JSON.parse(StringValue) : StringValue];
    }),
  );
}

function passes(subscription: SubscriptionRecord, message: string, attributes: Attributes): boolean {
  const policy = subscription.attributes.FilterPolicy;
  if (policy === undefined) return true;
  if (subscription.attributes.FilterPolicyScope !== 'MessageBody') return matches(policy, filterFields(attributes));
  try {
    return matches(policy, JSON.parse(message));
  } catch {
    return false;
  }
}

/** The text for one protocol of a message with `MessageStructure` json. */
function textFor(protocol: string, input: Message): string {
  const text = input.Message ?? '';
  if (input.MessageStructure !== 'json') return text;
  let byProtocol: Record<string, string>;
  try {
    byProtocol = JSON.parse(text);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  if (byProtocol.default === undefined) throw invalid('Message Structure - No default entry in JSON message body');
  return byProtocol[protocol] ?? byProtocol.default;
}

/** Publishes to topics and delivers to subscriptions: queues and functions; email stays pending. */
export class Publisher {
  readonly deliveries: DeliveryQueue<Notice>;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: TopicStore,
    private readonly keys: DataKeys,
  ) {
    this.deliveries = new DeliveryQueue(cloud, 'sns', {
      deliver: (notice) => this.deliver(notice),
      failed: (notice, failure) => this.failed(notice, failure),
    });
  }

  get operations(): Operations {
    return {
      Publish: async (input: Sdk.PublishCommandInput, call: Call) => {
        if (input.PhoneNumber !== undefined || (input.TargetArn !== undefined && !input.TargetArn.includes(':sns:')))
          throw invalid('the local AWS publishes to topics only');
        return { MessageId: await this.publish(input.TopicArn ?? input.TargetArn, input, call) };
      },
      PublishBatch: async (input: Sdk.PublishBatchCommandInput, call: Call) => {
        const entries = input.PublishBatchRequestEntries ?? [];
        if (entries.length === 0)
          throw new AwsError('EmptyBatchRequestException', "The batch request doesn't contain any entries.");
        if (entries.length > 10)
          throw new AwsError(
            'TooManyEntriesInBatchRequestException',
            'The batch request contains more entries than permissible.',
          );
        const Successful: object[] = [];
        for (const entry of entries)
          Successful.push({ Id: entry.Id, MessageId: await this.publish(input.TopicArn, entry, call) });
        return { Successful, Failed: [] };
      },
    };
  }

  private async publish(arn: string | undefined, input: Message, { caller }: Call): Promise<string> {
    const topic = this.store.topic(arn);
    if (input.Message === undefined || input.Message === '') throw invalid('Empty message');
    if (Buffer.byteLength(input.Message) > MAX_BYTES) throw invalid('Message too long');
    if (input.Subject !== undefined && (input.Subject.length > 100 || !/^[\x20-\x7e]+$/.test(input.Subject)))
      throw invalid('Subject');
    const keyId = topic.attributes.KmsMasterKeyId;
    if (keyId !== undefined && keyId !== '')
      await this.keys.make({ id: topic.arn, keyId, context: { 'aws:sns:topicArn': topic.arn } }, caller);
    const id = randomUUID();
    const attributes = input.MessageAttributes ?? {};
    const starts = await this.cloud.storage.transaction(() =>
      this.store.subscriptionsOf(topic.arn).flatMap((subscription) => {
        const message = textFor(subscription.protocol, input);
        if (subscription.pending || !passes(subscription, message, attributes)) return [];
        const subject = input.Subject === undefined ? {} : { subject: input.Subject };
        const time = this.cloud.clock.now();
        return this.deliveries.stage({ id, topicArn: topic.arn, message, attributes, time, subscription, ...subject }, RETRY);
      }),
    );
    for (const start of starts) start();
    return id;
  }

  private envelope(notice: Notice, urls: { cert: string; unsubscribe: string }): Record<string, unknown> {
    const MessageAttributes = Object.fromEntries(
      Object.entries(notice.attributes).map(([name, value]) => [name, { Type: value.DataType, Value: attributeValue(value) }]),
    );
    const host = `https://sns.${this.cloud.region}.amazonaws.com`;
    return {
      Type: 'Notification',
      MessageId: notice.id,
      TopicArn: notice.topicArn,
      ...(notice.subject === undefined ? {} : { Subject: notice.subject }),
      Message: notice.message,
      Timestamp: new Date(notice.time).toISOString(),
      SignatureVersion: '1',
      // There is no certificate of AWS here that a signature could be checked with.
      Signature: randomBytes(96).toString('base64'),
      [urls.cert]: `${host}/SimpleNotificationService-local.pem`,
      [urls.unsubscribe]: `${host}/?Action=Unsubscribe&SubscriptionArn=${notice.subscription.arn}`,
      MessageAttributes,
    };
  }

  private async deliver(notice: Notice): Promise<void> {
    const { subscription } = notice;
    const caller = this.cloud.asService('sns.amazonaws.com', subscription.topicArn);
    if (subscription.protocol === 'lambda') {
      const Sns = this.envelope(notice, { cert: 'SigningCertUrl', unsubscribe: 'UnsubscribeUrl' });
      const record = { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscription.arn, Sns };
      const Payload = Buffer.from(JSON.stringify({ Records: [record] }));
      const input = { FunctionName: subscription.endpoint, InvocationType: 'Event', Payload };
      await this.cloud.call('lambda', 'Invoke', input, caller);
      return;
    }
    const { MessageAttributes, ...envelope } = this.envelope(notice, { cert: 'SigningCertURL', unsubscribe: 'UnsubscribeURL' });
    const withAttributes = Object.keys(notice.attributes).length > 0 ? { ...envelope, MessageAttributes } : envelope;
    const raw = subscription.attributes.RawMessageDelivery === 'true';
    const input = raw
      ? { MessageBody: notice.message, MessageAttributes: notice.attributes }
      : { MessageBody: JSON.stringify(withAttributes) };
    await this.cloud.call('sqs', 'SendMessage', { QueueUrl: this.queueUrl(subscription.endpoint), ...input }, caller);
  }

  private async failed(notice: Notice, failure: Failure): Promise<void> {
    const policy = notice.subscription.attributes.RedrivePolicy;
    if (policy === undefined) return;
    const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn: string };
    const MessageAttributes = {
      ERROR_CODE: { DataType: 'String', StringValue: failure.code },
      ERROR_MESSAGE: { DataType: 'String', StringValue: failure.message },
    };
    const { MessageAttributes: _attributes, ...envelope } = this.envelope(notice, {
      cert: 'SigningCertURL',
      unsubscribe: 'UnsubscribeURL',
    });
    const input = { QueueUrl: this.queueUrl(deadLetterTargetArn), MessageBody: JSON.stringify(envelope), MessageAttributes };
    await this.cloud.call('sqs', 'SendMessage', input, this.cloud.asService('sns.amazonaws.com', notice.topicArn));
  }

  private queueUrl(arn: string): string {
    const [, , , region = '', account = '', name = ''] = arn.split(':');
    return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
  }
}
