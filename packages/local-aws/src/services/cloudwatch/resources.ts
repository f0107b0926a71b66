import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';

const PASSED = [
  'AlarmDescription',
  'AlarmActions',
  'OKActions',
  'InsufficientDataActions',
  'MetricName',
  'Namespace',
  'Statistic',
  'ExtendedStatistic',
  'Dimensions',
  'Unit',
  'ComparisonOperator',
  'TreatMissingData',
  'EvaluateLowSampleCountPercentile',
  'Metrics',
] as const;
const NUMBERS = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold'] as const;

function ignoreMissing(error: unknown): void {
  if (!(error instanceof AwsError) || !/^(ResourceNotFound|DashboardNotFoundError)$/.test(error.code)) throw error;
}

function flag(value: unknown): boolean | undefined {
  return value === undefined ? undefined : value === true || value === 'true';
}

/** Numbers of metric queries, which a template may write as strings. */
function query(given: ResourceProperties): object {
  const stat = given.MetricStat;
  return {
    ...given,
    ...(given.Period === undefined ? {} : { Period: Number(given.Period) }),
    ...(given.ReturnData === undefined ? {} : { ReturnData: flag(given.ReturnData) }),
    ...(stat === undefined ? {} : { MetricStat: { ...stat, Period: Number(stat.Period) } }),
  };
}

async function putAlarm(name: string, properties: ResourceProperties, context: ResourceContext): Promise<ResourceOutcome> {
  const passed = Object.fromEntries(PASSED.map((key) => [key, properties[key]]));
  const numbers = NUMBERS.filter((key) => properties[key] !== undefined).map((key) => [key, Number(properties[key])]);
  await context.call('cloudwatch', 'PutMetricAlarm', {
    ...passed,
    ...Object.fromEntries(numbers),
    AlarmName: name,
    ActionsEnabled: flag(properties.ActionsEnabled),
    ...(properties.Metrics === undefined ? {} : { Metrics: properties.Metrics.map(query) }),
    Tags: context.tags,
  });
  const arn = `arn:aws:cloudwatch:${context.region}:${context.account}:alarm:${name}`;
  return { id: name, attributes: { Arn: arn } };
}

const alarm: ResourceType = {
  type: 'AWS::CloudWatch::Alarm',
  enforced: ['AlarmName', 'ActionsEnabled', ...PASSED, ...NUMBERS, 'Tags'],
  stored: {},
  create: (properties, context) => putAlarm(properties.AlarmName ?? context.generateName(255), properties, context),
  async update(id, properties, _previous, context) {
    const done = await putAlarm(id, properties, context);
    await context.call('cloudwatch', 'TagResource', { ResourceARN: done.attributes?.Arn, Tags: context.tags });
    return done;
  },
  async delete(id, _properties, context) {
    await context.call('cloudwatch', 'DeleteAlarms', { AlarmNames: [id] }).catch(ignoreMissing);
  },
};

async function putDashboard(name: string, properties: ResourceProperties, context: ResourceContext): Promise<ResourceOutcome> {
  await context.call('cloudwatch', 'PutDashboard', { DashboardName: name, DashboardBody: properties.DashboardBody });
  return { id: name };
}

const dashboard: ResourceType = {
  type: 'AWS::CloudWatch::Dashboard',
  enforced: ['DashboardName', 'DashboardBody'],
  stored: { Tags: 'shown by no operation that is supported' },
  create: (properties, context) => putDashboard(properties.DashboardName ?? context.generateName(255), properties, context),
  update: (id, properties, _previous, context) => putDashboard(id, properties, context),
  async delete(id, _properties, context) {
    await context.call('cloudwatch', 'DeleteDashboards', { DashboardNames: [id] }).catch(ignoreMissing);
  },
};

export const cloudwatchResources: readonly ResourceType[] = [alarm, dashboard];
