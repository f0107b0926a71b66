import type { Cloud } from '../../../cloud';
import { AwsError } from '../../../errors';
import { signalsOf } from '../../../signals/signals';

interface Answer {
  readonly MetricAlarms?: readonly { readonly AlarmName?: string; readonly StateValue?: string }[];
  readonly CompositeAlarms?: readonly { readonly AlarmName?: string; readonly StateValue?: string }[];
}

/** The alarms of a deployment, read in the execution role of its model. */
export class RollbackAlarms {
  constructor(
    private readonly cloud: Cloud,
    private readonly names: readonly string[],
    private readonly roleArn: string,
  ) {}

  /** Why the deployment must not go on; undefined while no alarm is in ALARM. */
  async trouble(): Promise<string | undefined> {
    if (this.names.length === 0) return undefined;
    const input = { AlarmNames: this.names, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] };
    const caller = this.cloud.asRole(this.roleArn, 'SageMaker', 'sagemaker');
    try {
      const answer = await this.cloud.call<Answer>('cloudwatch', 'DescribeAlarms', input, caller);
      return this.verdict([...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])]);
    } catch (error) {
      if (error instanceof AwsError && error.code === 'UnknownOperationException') {
        this.cloud.log('sagemaker', `alarms ${this.names.join(', ')} are not watched: ${error.message}`);
        return undefined;
      }
      return `the alarms could not be read: ${String(error)}`;
    }
  }

  /** Calls `listener` when an alarm has changed, if CloudWatch tells so; the returned function ends that. */
  watch(listener: () => void): () => void {
    const signals = signalsOf(this.cloud);
    const ends = this.names.map((name) =>
      signals.subscribe(`arn:aws:cloudwatch:${this.cloud.region}:${this.cloud.account}:alarm:${name}`, listener),
    );
    return () => {
      for (const end of ends) end();
    };
  }

  private verdict(alarms: readonly { readonly AlarmName?: string; readonly StateValue?: string }[]): string | undefined {
    const states = new Map(alarms.map(({ AlarmName, StateValue }) => [AlarmName, StateValue]));
    const missing = this.names.filter((name) => !states.has(name));
    if (missing.length > 0) return `alarm(s) [${missing.join(', ')}] do not exist`;
    const raised = this.names.filter((name) => states.get(name) === 'ALARM');
    return raised.length === 0 ? undefined : `alarm(s) [${raised.join(', ')}] in ALARM state`;
  }
}
