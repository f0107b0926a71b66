import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type AlarmRow, COUNTED, combined, createAlarm } from '../../../lib/shared/alarm-row';
import { testApp } from '../../support/app';

const metric = (metricName: string): Metric => new Metric({ namespace: 'Own', metricName });
const ROW: AlarmRow = {
  ...COUNTED,
  id: 'Row',
  alarmName: 'a-row',
  meaning: 'Something fails',
  runbook: 'dead-letters',
  metric: metric('Failures'),
  threshold: 3,
  breaches: [2, 3],
};

/** Properties of the alarm that a row makes. */
function alarmOf(changes: Partial<AlarmRow>): Record<string, unknown> {
  const stack = new Stack(testApp(), 'Stack');
  createAlarm(stack, { ...ROW, ...changes }, new SnsAction(new Topic(stack, 'OnCall')));
  const [alarm] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  return alarm?.Properties as Record<string, unknown>;
}

test('a row says what is wrong, where to read on, and calls somebody', () => {
  expect(alarmOf({})).toMatchObject({
    AlarmName: 'a-row',
    AlarmDescription: 'Something fails. Runbook: docs/runbooks/dead-letters.md',
    AlarmActions: [{ Ref: expect.stringMatching(/^OnCall/) }],
    Threshold: 3,
    DatapointsToAlarm: 2,
    EvaluationPeriods: 3,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  });
});

test('where every period must be beyond the threshold, none is counted', () => {
  expect(alarmOf({ breaches: [3, 3] })).not.toHaveProperty('DatapointsToAlarm');
});

test('silence can be what is wrong', () => {
  expect(alarmOf({ beyond: 'below', silence: 'bad' })).toMatchObject({
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  });
});

test('a percentile of few samples decides nothing where a row says so', () => {
  expect(alarmOf({ ignoreFewSamples: true })).toHaveProperty('EvaluateLowSampleCountPercentile', 'ignore');
  expect(alarmOf({})).not.toHaveProperty('EvaluateLowSampleCountPercentile');
});

test.each(['MAX', 'SUM'] as const)('several metrics are one by their %s, and one is itself', (how) => {
  const [one, two] = [metric('One'), metric('Two')];

  expect(combined(how, [one], Duration.minutes(5))).toBe(one);
  expect(alarmOf({ metric: combined(how, [one, two], Duration.minutes(5)) }).Metrics).toEqual([
    expect.objectContaining({ Expression: `${how}([m0,m1])` }),
    expect.objectContaining({ Id: 'm0', ReturnData: false }),
    expect.objectContaining({ Id: 'm1', ReturnData: false }),
  ]);
});
