import type { Cloud } from '../../cloud';
import { DeliveryQueue, type RetryPolicy } from '../../delivery/delivery-queue';
import { signalsOf } from '../../signals/signals';
import { bridgeEntry, lambdaEvent, topicMessage } from './alarm-messages';
import type { AlarmRecord, AlarmStore, StateRecord } from './alarm-store';

interface Action {
  /** ARN of a function or topic; absent: the event to EventBridge. */
  readonly target?: string;
  readonly alarm: AlarmRecord;
  readonly previous: StateRecord;
}

const RETRY: RetryPolicy = { attempts: 185, maxAgeMs: 86_400_000 };
const LAMBDA_PRINCIPAL = 'lambda.alarms.cloudwatch.amazonaws.com';
const PRINCIPAL = 'cloudwatch.amazonaws.com';

function actionsFor({ config, state }: AlarmRecord): readonly string[] {
  const actions = { ALARM: config.AlarmActions, OK: config.OKActions, INSUFFICIENT_DATA: config.InsufficientDataActions };
  return actions[state.value] ?? [];
}

function isScaling(action: string): boolean {
  return action.startsWith('arn:aws:autoscaling:');
}

/** Tells functions, topics and EventBridge of changes of state, and scaling policies of every evaluation in ALARM. */
export class AlarmActions {
  readonly deliveries: DeliveryQueue<Action>;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: AlarmStore,
  ) {
    this.deliveries = new DeliveryQueue(cloud, 'cloudwatch', {
      deliver: (action) => this.deliver(action),
      failed: async ({ alarm, target = '' }, failure) => {
        const data = { actionState: 'Failed', notificationResource: target, error: failure.message };
        this.store.note(alarm.name, 'Action', `Failed to execute action ${target}`, data);
      },
    });
  }

  /** Writes an alarm with its new state, the history of it, and what is to be told, at once; then tells. */
  async change(alarm: AlarmRecord, previous: StateRecord): Promise<void> {
    const targets = alarm.actionsEnabled ? actionsFor(alarm).filter((action) => !isScaling(action)) : [];
    const starts = await this.cloud.storage.transaction(() => {
      void this.store.put(alarm);
      const summary = `Alarm updated from ${previous.value} to ${alarm.state.value}`;
      this.store.note(alarm.name, 'StateUpdate', summary, { version: '1.0', oldState: previous, newState: alarm.state });
      const told = targets.map((target) => this.deliveries.stage({ target, alarm, previous }, RETRY));
      return [...told, this.deliveries.stage({ alarm, previous }, RETRY)];
    });
    for (const start of starts) start();
    this.repeat(alarm);
  }

  /** Wakes the scaling policies of an alarm; they are told again at every evaluation. */
  repeat(alarm: AlarmRecord): void {
    if (!alarm.actionsEnabled) return;
    for (const action of actionsFor(alarm).filter(isScaling)) signalsOf(this.cloud).notify(action);
  }

  private async deliver({ target, alarm, previous }: Action): Promise<void> {
    const { cloud } = this;
    if (target === undefined) {
      await cloud.call('events', 'PutEvents', { Entries: [bridgeEntry(alarm, previous)] }, cloud.asService(PRINCIPAL));
      return;
    }
    if (target.startsWith('arn:aws:lambda:')) {
      const Payload = Buffer.from(JSON.stringify(lambdaEvent(cloud, alarm, previous)));
      const input = { FunctionName: target, InvocationType: 'Event', Payload };
      await cloud.call('lambda', 'Invoke', input, cloud.asService(LAMBDA_PRINCIPAL, alarm.arn));
    } else {
      const message = { TopicArn: target, ...topicMessage(cloud, alarm, previous) };
      await cloud.call('sns', 'Publish', message, cloud.asService(PRINCIPAL, alarm.arn));
    }
    const data = { actionState: 'Succeeded', notificationResource: target };
    this.store.note(alarm.name, 'Action', `Successfully executed action ${target}`, data);
  }
}
