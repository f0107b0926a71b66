import { type CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';

export interface AlarmInAlarm {
  readonly name: string;
  readonly reason: string;
}

/** Most names in one call (CloudWatch DescribeAlarms). */
const MAX_NAMES = 100;

/** Those of the named alarms whose state is ALARM, however many there are. */
export async function alarmsInAlarm(client: CloudWatchClient, names: readonly string[]): Promise<AlarmInAlarm[]> {
  const found: AlarmInAlarm[] = [];
  for (let start = 0; start < names.length; start += MAX_NAMES) {
    const AlarmNames = names.slice(start, start + MAX_NAMES);
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { AlarmNames, StateValue: 'ALARM' }))
      found.push(...MetricAlarms.map(({ AlarmName, StateReason }) => ({ name: AlarmName ?? '', reason: StateReason ?? '' })));
  }
  return found;
}
