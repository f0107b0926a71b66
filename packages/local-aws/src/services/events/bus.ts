import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-eventbridge';
import type { Call, Cloud, Operations } from '../../cloud';
import { DeliveryQueue, type Failure } from '../../delivery/delivery-queue';
import { validationError } from '../../errors';
import { matches } from '../../patterns/event-pattern';
import { targetInput } from './input';
import type { EventRecord, RuleRecord, RuleStore } from './store';

const MAX_BYTES = 1_048_576;
const DEFAULT_ATTEMPTS = 185;
const DEFAULT_AGE_SECONDS = 86_400;

interface Item {
  readonly target: Sdk.Target;
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly input: string;
  readonly event: EventRecord;
}

/** AWS's time form: whole seconds. */
function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

interface EntryError {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

function entryError(entry: Sdk.PutEventsRequestEntry, call: Call): EntryError | undefined {
  const invalid = (name: string): EntryError => ({
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  });
  if ((entry.Source ?? '') === '') return invalid('Source');
  if ((entry.DetailType ?? '') === '') return invalid('DetailType');
  if (entry.Detail === undefined) return invalid('Detail');
  if (entry.Source?.startsWith('aws.') === true && call.caller.kind !== 'service')
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  try {
    const detail: unknown = JSON.parse(entry.Detail);
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return undefined;
  } catch {
    // Reported as any other detail that is not an object.
  }
  return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function size(entry: Sdk.PutEventsRequestEntry): number {
  const text = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])].join('');
  return (entry.Time === undefined ? 0 : 14) + Buffer.byteLength(text);
}

/** The default event bus: takes events, finds the rules that match, and delivers to their targets. */
export class Bus {
  readonly deliveries: DeliveryQueue<Item>;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: RuleStore,
  ) {
    this.deliveries = new DeliveryQueue(cloud, 'events', {
      deliver: (item) => this.deliver(item),
      failed: (item, failure) => this.failed(item, failure),
    });
  }

  get operations(): Operations {
    return { PutEvents: (input: Sdk.PutEventsCommandInput, call: Call) => this.put(input, call) };
  }

  /** Puts an event that a rule's schedule made, to this rule only. */
  async scheduled(rule: RuleRecord, at: number): Promise<void> {
    const event = this.event({ 'detail-type': 'Scheduled Event', source: 'aws.events', resources: [rule.arn], detail: {} }, at);
    await this.dispatch([event], () => [rule]);
  }

  private async put(input: Sdk.PutEventsCommandInput, call: Call): Promise<object> {
    const entries = input.Entries ?? [];
    if (entries.length < 1 || entries.length > 10)
      throw validationError(
        `1 validation error detected: Value '${entries.length} entries' at 'entries' failed to satisfy constraint: Member must have length between 1 and 10`,
      );
    for (const entry of entries) this.store.checkBus(entry.EventBusName);
    if (entries.reduce((sum, entry) => sum + size(entry), 0) > MAX_BYTES)
      throw validationError('Total size of the entries in the request is over the limit.');
    const events: EventRecord[] = [];
    const Entries = entries.map((entry) => {
      const error = entryError(entry, call);
      if (error !== undefined) return error;
      const event = this.event(
        {
          'detail-type': entry.DetailType ?? '',
          source: entry.Source ?? '',
          resources: entry.Resources ?? [],
          detail: JSON.parse(entry.Detail ?? '{}'),
        },
        entry.Time === undefined ? this.cloud.clock.now() : new Date(entry.Time).getTime(),
      );
      events.push(event);
      return { EventId: event.id };
    });
    const rules = this.store.all().filter((rule) => rule.enabled && rule.pattern !== undefined && rule.targets.length > 0);
    await this.dispatch(events, (event) => rules.filter(({ pattern = '' }) => matches(pattern, event)));
    return { FailedEntryCount: entries.length - events.length, Entries };
  }

  private event(parts: Pick<EventRecord, 'detail-type' | 'source' | 'resources' | 'detail'>, at: number): EventRecord {
    const { account, region } = this.cloud;
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': parts['detail-type'],
      source: parts.source,
      account,
      time: timeText(at),
      region,
      resources: parts.resources,
      detail: parts.detail,
    };
  }

  /** Writes the deliveries of all events at once: an event that was accepted reaches every target or none after a kill. */
  private async dispatch(events: readonly EventRecord[], rulesFor: (event: EventRecord) => readonly RuleRecord[]): Promise<void> {
    const pairs = events.flatMap((event) =>
      rulesFor(event).flatMap((rule) => rule.targets.map((target) => ({ event, rule, target }))),
    );
    if (pairs.length === 0) return;
    const starts = await this.cloud.storage.transaction(() =>
      pairs.map(({ event, rule, target }) => {
        const policy = target.RetryPolicy;
        const attempts = policy?.MaximumRetryAttempts ?? DEFAULT_ATTEMPTS;
        const maxAgeMs = (policy?.MaximumEventAgeInSeconds ?? DEFAULT_AGE_SECONDS) * 1000;
        const item = { target, ruleArn: rule.arn, ruleName: rule.name, input: targetInput(target, event, rule), event };
        return this.deliveries.stage(item, { attempts, maxAgeMs });
      }),
    );
    for (const start of starts) start();
  }

  private async deliver({ target, input, event, ruleName, ruleArn }: Item): Promise<void> {
    const arn = target.Arn ?? '';
    const caller =
      target.RoleArn === undefined
        ? this.cloud.asService('events.amazonaws.com', ruleArn)
        : this.cloud.asRole(target.RoleArn, ruleName, 'events', ruleArn);
    switch (arn.split(':')[2]) {
      case 'lambda':
        await this.cloud.call(
          'lambda',
          'Invoke',
          { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(input) },
          caller,
        );
        return;
      case 'sqs':
        await this.cloud.call('sqs', 'SendMessage', { QueueUrl: this.queueUrl(arn), MessageBody: input }, caller);
        return;
      case 'sns':
        await this.cloud.call('sns', 'Publish', { TopicArn: arn, Message: input }, caller);
        return;
      default: {
        const logGroupName = arn.split(':log-group:')[1]?.replace(/:\*$/, '');
        const logStreamName = event.id;
        await this.cloud.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, caller).catch((error: unknown) => {
          if (!(error instanceof Error) || error.name !== 'ResourceAlreadyExistsException') throw error;
        });
        const logEvents = [{ timestamp: this.cloud.clock.now(), message: input }];
        await this.cloud.call('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents }, caller);
      }
    }
  }

  private async failed({ target, input, ruleArn }: Item, failure: Failure): Promise<void> {
    const queue = target.DeadLetterConfig?.Arn;
    if (queue === undefined) return;
    const text = (StringValue: string): object => ({ DataType: 'String', StringValue: StringValue || '-' });
    const MessageAttributes = {
      RULE_ARN: text(ruleArn),
      TARGET_ARN: text(target.Arn ?? ''),
      ERROR_CODE: text(failure.code),
      ERROR_MESSAGE: text(failure.message.slice(0, 1024)),
      ...(failure.condition === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: text(failure.condition) }),
      RETRY_ATTEMPTS: { DataType: 'Number', StringValue: String(failure.attempts) },
    };
    const message = { QueueUrl: this.queueUrl(queue), MessageBody: input, MessageAttributes };
    await this.cloud.call('sqs', 'SendMessage', message, this.cloud.asService('events.amazonaws.com', ruleArn));
  }

  private queueUrl(arn: string): string {
    const [, , , region = '', account = '', name = ''] = arn.split(':');
    return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
  }
}
