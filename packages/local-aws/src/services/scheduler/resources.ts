import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';

const PASSED = [
  'Description',
  'FlexibleTimeWindow',
  'GroupName',
  'KmsKeyArn',
  'ScheduleExpression',
  'ScheduleExpressionTimezone',
  'State',
] as const;

function input(name: string, properties: ResourceProperties): object {
  const passed = Object.fromEntries(PASSED.map((key) => [key, properties[key]]));
  const policy = properties.Target.RetryPolicy;
  const retry = policy && Object.fromEntries(Object.entries(policy).map(([key, value]) => [key, Number(value)]));
  const date = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));
  return {
    Name: name,
    ...passed,
    StartDate: date(properties.StartDate),
    EndDate: date(properties.EndDate),
    Target: { ...properties.Target, RetryPolicy: retry },
  };
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
}

async function put(
  operation: string,
  name: string,
  properties: ResourceProperties,
  context: ResourceContext,
): Promise<ResourceOutcome> {
  const { ScheduleArn } = await context.call<{ ScheduleArn: string }>('scheduler', operation, input(name, properties));
  return { id: name, attributes: { Arn: ScheduleArn } };
}

const schedule: ResourceType = {
  type: 'AWS::Scheduler::Schedule',
  enforced: [
    'Name',
    'Description',
    'GroupName',
    'ScheduleExpression',
    'ScheduleExpressionTimezone',
    'State',
    'StartDate',
    'EndDate',
    'Target',
  ],
  stored: {
    KmsKeyArn: 'schedules are kept in the store of the local AWS',
    FlexibleTimeWindow: 'a schedule fires at the start of its window',
  },
  create: (properties, context) => put('CreateSchedule', properties.Name ?? context.generateName(64), properties, context),
  async update(id, properties, previous, context) {
    if (properties.GroupName !== previous.GroupName) {
      await schedule.delete(id, previous, context);
      return put('CreateSchedule', id, properties, context);
    }
    return put('UpdateSchedule', id, properties, context);
  },
  async delete(id, properties, context) {
    await context.call('scheduler', 'DeleteSchedule', { Name: id, GroupName: properties.GroupName }).catch(ignoreMissing);
  },
};

const scheduleGroup: ResourceType = {
  type: 'AWS::Scheduler::ScheduleGroup',
  enforced: ['Name'],
  stored: { Tags: 'shown by no operation that is supported' },
  async create(properties, context) {
    const name: string = properties.Name ?? context.generateName(64);
    const { ScheduleGroupArn } = await context.call<{ ScheduleGroupArn: string }>('scheduler', 'CreateScheduleGroup', {
      Name: name,
      Tags: context.tags,
    });
    return { id: name, attributes: { Arn: ScheduleGroupArn, State: 'ACTIVE' } };
  },
  async update(id, _properties, _previous, context) {
    const group = await context.call<{ Arn: string }>('scheduler', 'GetScheduleGroup', { Name: id });
    return { id, attributes: { Arn: group.Arn, State: 'ACTIVE' } };
  },
  async delete(id, _properties, context) {
    await context.call('scheduler', 'DeleteScheduleGroup', { Name: id }).catch(ignoreMissing);
  },
};

export const schedulerResources: readonly ResourceType[] = [schedule, scheduleGroup];
