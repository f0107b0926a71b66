import { createHash, randomUUID } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';

export interface QueueRecord {
  readonly name: string;
  readonly created: number;
  readonly modified: number;
  /** As given; what is absent has AWS's default. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface MessageRecord {
  readonly id: string;
  readonly body: string;
  readonly md5: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly senderId: string;
  readonly sentAt: number;
  readonly visibleAt: number;
  readonly receives: number;
  readonly firstReceivedAt?: number;
  /** Receipt of the newest reception; older ones no longer delete. */
  readonly receipt?: string;
  /** ARN of the queue from which a redrive brought the message. */
  readonly source?: string;
}

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Attributes that a queue has when none are given. */
export const QUEUE_DEFAULTS: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
};

type MessageKey = [queue: string, sentAt: number, id: string];
type VisibleKey = [queue: string, visibleAt: number, sentAt: number, id: string];

/** Queues and their messages; messages are ordered by when they were sent, and by when they can be received (again). */
export class QueueStore {
  readonly queues: Table<QueueRecord>;
  private readonly messages: Table<MessageRecord>;
  private readonly visible: Table<true>;

  constructor(private readonly cloud: Cloud) {
    this.queues = cloud.storage.table('sqs/queues');
    this.messages = cloud.storage.table('sqs/messages');
    this.visible = cloud.storage.table('sqs/visible');
  }

  arn(name: string): string {
    return `arn:aws:sqs:${this.cloud.region}:${this.cloud.account}:${name}`;
  }

  url(name: string): string {
    return `https://sqs.${this.cloud.region}.amazonaws.com/${this.cloud.account}/${name}`;
  }

  /** The queue behind a URL: AWS's, or one at this cloud's own endpoint. */
  byUrl(url: string | undefined): QueueRecord {
    const [account, name = ''] = (url ?? '').split('/').slice(-2);
    const record = account === this.cloud.account ? this.queues.get(name) : undefined;
    if (record === undefined) throw noSuchQueue();
    return record;
  }

  attribute(queue: QueueRecord, name: string): number {
    return Number(queue.attributes[name] ?? QUEUE_DEFAULTS[name]);
  }

  redrive(queue: QueueRecord): RedrivePolicy | undefined {
    const text = queue.attributes.RedrivePolicy ?? '';
    if (text === '') return undefined;
    const policy = JSON.parse(text) as { deadLetterTargetArn: string; maxReceiveCount: number | string };
    return { deadLetterTargetArn: policy.deadLetterTargetArn, maxReceiveCount: Number(policy.maxReceiveCount) };
  }

  /** Adds a message; call within a transaction. */
  add(queue: QueueRecord, message: Pick<MessageRecord, 'body' | 'attributes' | 'senderId'>, delayMs: number): MessageRecord {
    const now = this.cloud.clock.now();
    const md5 = createHash('md5').update(message.body).digest('hex');
    const record: MessageRecord = { ...message, id: randomUUID(), md5, sentAt: now, visibleAt: now + delayMs, receives: 0 };
    this.put(queue.name, record);
    return record;
  }

  /** Up to `limit` messages that can be received now, oldest visibility first, with those past their retention taken away. */
  receivable(queue: QueueRecord, limit: number): MessageRecord[] {
    this.expire(queue);
    const range = { start: [queue.name, 0], end: [queue.name, this.cloud.clock.now() + 1], limit };
    return [...this.visible.entries(range)].flatMap(({ key }) => {
      const [name, , sentAt, id] = key as VisibleKey;
      return this.messages.get([name, sentAt, id]) ?? [];
    });
  }

  /** When the next message, now hidden, can be received. */
  nextVisible(name: string): number | undefined {
    for (const { key } of this.visible.entries({ start: [name, this.cloud.clock.now() + 1], end: [name, '\uffff'], limit: 1 }))
      return (key as VisibleKey)[1];
    return undefined;
  }

  replace(name: string, before: MessageRecord, after: MessageRecord): void {
    this.remove(name, before);
    this.put(name, after);
  }

  /** Moves a message to a dead-letter queue; it keeps its id and the time it was first sent, as in AWS. */
  moveTo(target: QueueRecord, from: string, message: MessageRecord): void {
    this.remove(from, message);
    const { receipt: _receipt, firstReceivedAt: _first, ...rest } = message;
    this.put(target.name, { ...rest, receives: 0, visibleAt: this.cloud.clock.now(), source: this.arn(from) });
  }

  find(name: string, sentAt: number, id: string): MessageRecord | undefined {
    return this.messages.get([name, sentAt, id]);
  }

  remove(name: string, message: MessageRecord): void {
    void this.messages.remove([name, message.sentAt, message.id]);
    void this.visible.remove([name, message.visibleAt, message.sentAt, message.id]);
  }

  clear(name: string): void {
    for (const { value } of [...this.messages.under([name])]) this.remove(name, value);
  }

  /** How many messages can be received, are in flight, and are delayed. */
  counts(queue: QueueRecord): { visible: number; inFlight: number; delayed: number; oldest: number | undefined } {
    const now = this.cloud.clock.now();
    const kept = now - this.attribute(queue, 'MessageRetentionPeriod') * 1000;
    const counts = { visible: 0, inFlight: 0, delayed: 0, oldest: undefined as number | undefined };
    for (const { value } of this.messages.entries({ start: [queue.name, kept], end: [queue.name, '\uffff'] })) {
      counts.oldest ??= value.sentAt;
      if (value.visibleAt <= now) counts.visible += 1;
      else if (value.receives > 0) counts.inFlight += 1;
      else counts.delayed += 1;
    }
    return counts;
  }

  private put(name: string, message: MessageRecord): void {
    void this.messages.put([name, message.sentAt, message.id], message);
    void this.visible.put([name, message.visibleAt, message.sentAt, message.id], true);
  }

  private expire(queue: QueueRecord): void {
    const kept = this.cloud.clock.now() - this.attribute(queue, 'MessageRetentionPeriod') * 1000;
    const range = { start: [queue.name, 0] satisfies [string, number], end: [queue.name, kept] satisfies [string, number] };
    for (const { key, value } of [...this.messages.entries(range)]) {
      const [name] = key as MessageKey;
      this.remove(name, value);
    }
  }
}

export function noSuchQueue(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}
