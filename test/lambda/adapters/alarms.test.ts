import { CloudWatchClient, type DescribeAlarmsCommandInput } from '@aws-sdk/client-cloudwatch';
import { alarmsInAlarm } from '../../../lambda/adapters/alarms';

/** A CloudWatch that has every alarm in ALARM and gives 50 a page. */
function client() {
  const asked: number[] = [];
  const cloudwatch = new CloudWatchClient({ region: 'eu-west-1' });
  const send = async ({ input }: { input: DescribeAlarmsCommandInput }) => {
    const names = input.AlarmNames ?? [];
    const start = Number(input.NextToken ?? 0);
    asked.push(names.length);
    const MetricAlarms = names.slice(start, start + 50).map((AlarmName) => ({ AlarmName, StateReason: 'because' }));
    return { MetricAlarms, ...(start + 50 < names.length ? { NextToken: String(start + 50) } : {}) };
  };
  Object.assign(cloudwatch, { send });
  return { asked, cloudwatch };
}

test('every alarm is found, however many models there are', async () => {
  const { asked, cloudwatch } = client();
  const names = Array.from({ length: 120 }, (_, n) => `alarm-${n}`);

  const found = await alarmsInAlarm(cloudwatch, names);

  expect(found.map(({ name }) => name)).toEqual(names);
  expect(found[0]?.reason).toBe('because');
  expect(Math.max(...asked)).toBe(100);
});
