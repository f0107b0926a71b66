import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../cloud';
import { type Delivery, DeliveryQueue, type Failure } from '../../delivery/delivery-queue';
import { parseSchedule } from '../../schedules/expression';
import { Timetable } from '../../schedules/timetable';
import type { ScheduleRecord, ScheduleStore } from './store';

const DEFAULT_ATTEMPTS = 185;
const DEFAULT_AGE_SECONDS = 86_400;

interface Firing {
  readonly schedule: ScheduleRecord;
  readonly at: number;
  readonly execution: string;
}

function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** When a schedule fires next after `after`; a rate without a start begins at once, when the schedule is made. */
export function nextFiring(schedule: ScheduleRecord, after: number): number | undefined {
  if (!schedule.enabled) return undefined;
  const { start, end } = schedule;
  const parsed = parseSchedule(schedule.expression, schedule.timezone);
  const anchor = start ?? schedule.created;
  const from = start === undefined ? after : Math.max(after, start - 1);
  const next = parsed.next(from, anchor);
  return next === undefined || (end !== undefined && next > end) ? undefined : next;
}

/** Fires schedules at their times and delivers to their targets in their roles. */
export class ScheduleRunner {
  readonly timetable: Timetable;
  readonly deliveries: DeliveryQueue<Firing>;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: ScheduleStore,
  ) {
    this.timetable = new Timetable(cloud, 'scheduler/due', (key, at) => this.fire(key, at));
    this.deliveries = new DeliveryQueue(cloud, 'scheduler', {
      deliver: (firing, delivery) => this.deliver(firing, delivery),
      failed: (firing, failure) => this.failed(firing, failure),
    });
  }

  async changed(schedule: ScheduleRecord, after: number): Promise<void> {
    await this.timetable.set(`${schedule.group}/${schedule.name}`, nextFiring(schedule, after));
  }

  removed(schedule: ScheduleRecord): Promise<void> {
    return this.timetable.set(`${schedule.group}/${schedule.name}`, undefined);
  }

  private async fire(key: string, at: number): Promise<number | undefined> {
    const [group = '', name = ''] = key.split('/');
    const schedule = this.store.get(group, name);
    if (schedule === undefined) return undefined;
    const { RetryPolicy } = schedule.target;
    await this.deliveries.accept(
      { schedule, at, execution: randomUUID() },
      {
        attempts: RetryPolicy?.MaximumRetryAttempts ?? DEFAULT_ATTEMPTS,
        maxAgeMs: (RetryPolicy?.MaximumEventAgeInSeconds ?? DEFAULT_AGE_SECONDS) * 1000,
      },
    );
    const next = nextFiring(schedule, at);
    if (next === undefined && schedule.deleteAfterCompletion) await this.store.remove(schedule);
    return next;
  }

  private input({ schedule, at, execution }: Firing, attempt: number): string {
    return (schedule.target.Input ?? '{}')
      .replaceAll('<aws.scheduler.schedule-arn>', schedule.arn)
      .replaceAll('<aws.scheduler.scheduled-time>', timeText(at))
      .replaceAll('<aws.scheduler.execution-id>', execution)
      .replaceAll('<aws.scheduler.attempt-number>', String(attempt));
  }

  private async deliver(firing: Firing, delivery: Delivery<Firing>): Promise<void> {
    const { target, name } = firing.schedule;
    const arn = target.Arn ?? '';
    const caller = this.cloud.asRole(target.RoleArn ?? '', name, 'scheduler', firing.schedule.arn);
    const input = this.input(firing, delivery.failures + 1);
    switch (arn.split(':')[2]) {
      case 'sqs':
        await this.cloud.call('sqs', 'SendMessage', { QueueUrl: this.queueUrl(arn), MessageBody: input }, caller);
        return;
      case 'sns':
        await this.cloud.call('sns', 'Publish', { TopicArn: arn, Message: input }, caller);
        return;
      default: {
        const event = { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(input) };
        await this.cloud.call('lambda', 'Invoke', event, caller);
      }
    }
  }

  private async failed(firing: Firing, failure: Failure): Promise<void> {
    const { target, name, arn } = firing.schedule;
    const queue = target.DeadLetterConfig?.Arn;
    if (queue === undefined) return;
    const text = (StringValue: string): object => ({ DataType: 'String', StringValue: StringValue || '-' });
    const MessageAttributes = {
      SCHEDULE_ARN: text(arn),
      TARGET_ARN: text(target.Arn ?? ''),
      ERROR_CODE: text(failure.code),
      ERROR_MESSAGE: text(failure.message.slice(0, 1024)),
      SCHEDULED_TIME: text(timeText(firing.at)),
      EXECUTION_ID: text(firing.execution),
      RETRY_ATTEMPTS: text(String(failure.attempts)),
      ...(failure.condition === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: text(failure.condition) }),
    };
    const message = { QueueUrl: this.queueUrl(queue), MessageBody: this.input(firing, failure.attempts + 1), MessageAttributes };
    await this.cloud.call('sqs', 'SendMessage', message, this.cloud.asRole(target.RoleArn ?? '', name, 'scheduler', arn));
  }

  private queueUrl(arn: string): string {
    const [, , , region = '', account = '', name = ''] = arn.split(':');
    return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
  }
}
