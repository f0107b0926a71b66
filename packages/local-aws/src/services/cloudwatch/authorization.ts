import { ANY, actionsOn, arnOf, type Input, type Rights, type Scope } from '../../iam/rights';

const alarm = (name: string | undefined, scope: Scope): string => arnOf('cloudwatch', scope, `alarm:${name ?? '*'}`);
const dashboard = (name: string | undefined, scope: Scope): string =>
  arnOf('cloudwatch', { ...scope, region: '' }, `dashboard/${name ?? ''}`);
const all = (names: readonly string[] | undefined): readonly (string | undefined)[] =>
  names === undefined || names.length === 0 ? [undefined] : names;

/** Rights of CloudWatch's operations. Source: Service Authorization Reference, "Amazon CloudWatch". */
export const cloudWatchRights: Rights = {
  ...actionsOn('cloudwatch', [
    ['GetMetricStatistics GetMetricData ListMetrics ListDashboards', ANY],
    ['PutMetricAlarm DescribeAlarmHistory SetAlarmState', ({ AlarmName }: Input, scope) => alarm(AlarmName, scope)],
    [
      'DescribeAlarms EnableAlarmActions DisableAlarmActions DeleteAlarms',
      ({ AlarmNames }: Input, scope) => all(AlarmNames).map((name) => alarm(name, scope)),
    ],
    ['DescribeAlarmsForMetric', ANY],
    ['TagResource UntagResource ListTagsForResource', ({ ResourceARN }: Input) => ResourceARN ?? '*'],
    ['PutDashboard GetDashboard', ({ DashboardName }: Input, scope) => dashboard(DashboardName, scope)],
    [
      'DeleteDashboards',
      ({ DashboardNames }: Input, scope) => ((DashboardNames ?? []) as string[]).map((name) => dashboard(name, scope)),
    ],
  ]),
  PutMetricData: ({ Namespace }) => [
    { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': Namespace ?? '' } },
  ],
};
