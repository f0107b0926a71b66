import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-sqs';
import type { Call, Caller, Cloud, Operations } from '../../cloud';
import type { DataKeys, Sealed } from '../../encryption/data-keys';
import { AwsError } from '../../errors';
import { attributesDigest } from './digest';
import type { Poller } from './poller';
import type { MessageRecord, QueueRecord, QueueStore } from './store';

const MAX_TOTAL = 1_048_576;

interface Outgoing {
  readonly MessageBody?: string | undefined;
  readonly DelaySeconds?: number | undefined;
  readonly MessageAttributes?: Record<string, Sdk.MessageAttributeValue> | undefined;
}

function invalid(reason: string): AwsError {
  return new AwsError('InvalidParameterValue', `One or more parameters are invalid. Reason: ${reason}`);
}

function size(message: Outgoing): number {
  const attributes = Object.entries(message.MessageAttributes ?? {}).reduce(
    (sum, [name, { DataType = '', StringValue = '', BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    0,
  );
  return Buffer.byteLength(message.MessageBody ?? '') + attributes;
}

function senderId(caller: Caller): string {
  return caller.kind === 'root' ? caller.account : caller.arn;
}

/** Messages: sent, received, deleted, hidden longer or shorter. */
export class Messages {
  constructor(
    private readonly cloud: Cloud,
    private readonly store: QueueStore,
    private readonly poller: Poller,
    private readonly keys: DataKeys,
  ) {}

  get operations(): Operations {
    return {
      SendMessage: async (input: Sdk.SendMessageCommandInput, call: Call) => {
        const [sent] = await this.send(this.store.byUrl(input.QueueUrl), [input], call);
        return sent;
      },
      SendMessageBatch: async (input: Sdk.SendMessageBatchCommandInput, call: Call) => {
        const entries = checkBatch(input.Entries ?? []);
        const sent = await this.send(this.store.byUrl(input.QueueUrl), entries, call);
        return { Successful: sent.map((answer, index) => ({ Id: entries[index]?.Id, ...answer })), Failed: [] };
      },
      ReceiveMessage: (input: Sdk.ReceiveMessageCommandInput, call: Call) => this.receive(input, call),
      DeleteMessage: (input: Sdk.DeleteMessageCommandInput) =>
        this.delete(this.store.byUrl(input.QueueUrl), [input.ReceiptHandle ?? '']),
      DeleteMessageBatch: async (input: Sdk.DeleteMessageBatchCommandInput) => {
        const entries = checkBatch(input.Entries ?? []);
        await this.delete(
          this.store.byUrl(input.QueueUrl),
          entries.map(({ ReceiptHandle }) => ReceiptHandle ?? ''),
        );
        return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
      },
      ChangeMessageVisibility: (input: Sdk.ChangeMessageVisibilityCommandInput) =>
        this.hide(this.store.byUrl(input.QueueUrl), input.ReceiptHandle ?? '', input.VisibilityTimeout ?? 0),
      ChangeMessageVisibilityBatch: async (input: Sdk.ChangeMessageVisibilityBatchCommandInput) => {
        const entries = checkBatch(input.Entries ?? []);
        const queue = this.store.byUrl(input.QueueUrl);
        for (const entry of entries) await this.hide(queue, entry.ReceiptHandle ?? '', entry.VisibilityTimeout ?? 0);
        return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
      },
    };
  }

  private async send(queue: QueueRecord, messages: readonly Outgoing[], { caller }: Call): Promise<Sdk.SendMessageResult[]> {
    const limit = this.store.attribute(queue, 'MaximumMessageSize');
    for (const message of messages) {
      if (message.MessageBody === undefined || message.MessageBody === '')
        throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
      if (size(message) > limit) throw invalid(`Message must be shorter than ${limit} bytes.`);
      if (Object.keys(message.MessageAttributes ?? {}).length > 10)
        throw invalid(
          `Number of message attributes [${Object.keys(message.MessageAttributes ?? {}).length}] exceeds the allowed maximum [10].`,
        );
    }
    const total = messages.reduce((sum, message) => sum + size(message), 0);
    if (total > MAX_TOTAL) {
      const reason = `Batch requests cannot be longer than ${MAX_TOTAL} bytes. You have sent ${total} bytes.`;
      throw new AwsError('BatchRequestTooLong', reason);
    }
    const sealed = this.sealed(queue);
    if (sealed !== undefined) await this.keys.make(sealed, caller);
    const records = await this.cloud.storage.transaction(() =>
      messages.map(({ MessageBody = '', MessageAttributes = {}, DelaySeconds }) => {
        const delay = DelaySeconds ?? this.store.attribute(queue, 'DelaySeconds');
        if (delay < 0 || delay > 900) throw invalid('DelaySeconds must be >= 0 and <= 900.');
        const message = { body: MessageBody, attributes: MessageAttributes, senderId: senderId(caller) };
        return this.store.add(queue, message, delay * 1000);
      }),
    );
    this.poller.changed(queue.name);
    return records.map((record) => {
      const digest = attributesDigest(record.attributes);
      return {
        MessageId: record.id,
        MD5OfMessageBody: record.md5,
        ...(digest === undefined ? {} : { MD5OfMessageAttributes: digest }),
      };
    });
  }

  private sealed({ name, created, attributes }: QueueRecord): Sealed | undefined {
    const keyId = attributes.KmsMasterKeyId;
    if (keyId === undefined) return undefined;
    return { id: `${name} ${created}`, keyId, context: { 'aws:sqs:arn': this.store.arn(name) } };
  }

  private async receive(input: Sdk.ReceiveMessageCommandInput, call: Call): Promise<{ Messages?: Sdk.Message[] }> {
    const max = input.MaxNumberOfMessages ?? 1;
    if (max < 1 || max > 10)
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${max} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
      );
    const queue = this.store.byUrl(input.QueueUrl);
    const sealed = this.sealed(queue);
    if (sealed !== undefined) await this.keys.open(sealed, call.caller);
    const waitSeconds = input.WaitTimeSeconds ?? this.store.attribute(queue, 'ReceiveMessageWaitTimeSeconds');
    const hideSeconds = input.VisibilityTimeout ?? this.store.attribute(queue, 'VisibilityTimeout');
    const deadline = Date.now() + waitSeconds * 1000;
    for (;;) {
      const seen = this.poller.changesOf(queue.name);
      const taken = await this.take(queue, max, hideSeconds * 1000);
      if (taken.length > 0) return { Messages: taken.map((message) => this.describe(message, input)) };
      const left = deadline - Date.now();
      if (left <= 0 || this.store.queues.get(queue.name) === undefined) return {};
      await this.poller.wait(queue.name, seen, left);
    }
  }

  /** Takes messages in one transaction; those received too often go to the dead-letter queue instead. */
  private async take(queue: QueueRecord, max: number, hideMs: number): Promise<MessageRecord[]> {
    const moved = new Set<string>();
    const taken = await this.cloud.storage.transaction(() => {
      const now = this.cloud.clock.now();
      const redrive = this.store.redrive(queue);
      const dead = redrive === undefined ? undefined : this.store.queues.get(redrive.deadLetterTargetArn.split(':')[5] ?? '');
      const received: MessageRecord[] = [];
      for (let found = this.store.receivable(queue, max); found.length > 0 && received.length < max; ) {
        for (const message of found.slice(0, max - received.length)) {
          if (redrive !== undefined && dead !== undefined && message.receives >= redrive.maxReceiveCount) {
            this.store.moveTo(dead, queue.name, message);
            moved.add(dead.name);
            continue;
          }
          const receipt = Buffer.from(JSON.stringify([message.sentAt, message.id, randomUUID()])).toString('base64');
          const firstReceivedAt = message.firstReceivedAt ?? now;
          const after = { ...message, receives: message.receives + 1, firstReceivedAt, visibleAt: now + hideMs, receipt };
          this.store.replace(queue.name, message, after);
          received.push(after);
        }
        // A visibility of 0 leaves what was taken receivable: one pass is enough then.
        if (hideMs === 0) break;
        found = this.store.receivable(queue, max - received.length);
      }
      return received;
    });
    for (const name of moved) this.poller.changed(name);
    if (taken.length > 0) this.poller.changed(queue.name);
    return taken;
  }

  private describe(message: MessageRecord, input: Sdk.ReceiveMessageCommandInput): Sdk.Message {
    const names = new Set<string>([...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])]);
    const system: Record<string, string> = {
      SenderId: message.senderId,
      SentTimestamp: String(message.sentAt),
      ApproximateReceiveCount: String(message.receives),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
      ...(message.source === undefined ? {} : { DeadLetterQueueSourceArn: message.source }),
    };
    const Attributes = Object.fromEntries(Object.entries(system).filter(([name]) => names.has('All') || names.has(name)));
    const wanted = input.MessageAttributeNames ?? [];
    const isWanted = (name: string): boolean =>
      wanted.some((pattern) =>
        pattern === 'All' || pattern === '.*'
          ? true
          : pattern.endsWith('.*')
            ? name.startsWith(pattern.slice(0, -1))
            : name === pattern,
      );
    const given = Object.fromEntries(Object.entries(message.attributes).filter(([name]) => isWanted(name)));
    const digest = attributesDigest(given);
    return {
      MessageId: message.id,
      ReceiptHandle: message.receipt ?? '',
      MD5OfBody: message.md5,
      Body: message.body,
      ...(Object.keys(Attributes).length > 0 ? { Attributes } : {}),
      ...(digest === undefined ? {} : { MessageAttributes: given, MD5OfMessageAttributes: digest }),
    };
  }

  private held(queue: QueueRecord, handle: string): MessageRecord | undefined {
    try {
      const [sentAt, id] = JSON.parse(Buffer.from(handle, 'base64').toString()) as [number, string];
      const message = this.store.find(queue.name, sentAt, id);
      return message?.receipt === handle ? message : undefined;
    } catch {
      throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
    }
  }

  private async delete(queue: QueueRecord, handles: readonly string[]): Promise<void> {
    await this.cloud.storage.transaction(() => {
      for (const handle of handles) {
        const message = this.held(queue, handle);
        if (message !== undefined) this.store.remove(queue.name, message);
      }
    });
    this.poller.changed(queue.name);
  }

  private async hide(queue: QueueRecord, handle: string, seconds: number): Promise<void> {
    if (seconds < 0 || seconds > 43_200)
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.`,
      );
    await this.cloud.storage.transaction(() => {
      const message = this.held(queue, handle);
      if (message === undefined || message.visibleAt <= this.cloud.clock.now()) {
        throw new AwsError(
          'InvalidParameterValue',
          `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
        );
      }
      this.store.replace(queue.name, message, { ...message, visibleAt: this.cloud.clock.now() + seconds * 1000 });
    });
    this.poller.changed(queue.name);
  }
}

function checkBatch<Entry extends { Id?: string | undefined }>(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > 10)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  const ids = entries.map(({ Id }) => Id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${twice} repeated.`);
  return entries;
}
