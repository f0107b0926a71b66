import type * as Sdk from '@aws-sdk/client-scheduler';
import type { Cloud, Operations } from '../../cloud';
import { AwsError, validationError } from '../../errors';
import { parseSchedule } from '../../schedules/expression';
import type { ScheduleRunner } from './runner';
import { DEFAULT_GROUP, type GroupRecord, type ScheduleRecord, type ScheduleStore } from './store';

const NAME = /^[0-9a-zA-Z-_.]{1,64}$/;
const TARGET_MEMBERS = new Set(['Arn', 'RoleArn', 'Input', 'RetryPolicy', 'DeadLetterConfig']);

type Given = Sdk.CreateScheduleCommandInput | Sdk.UpdateScheduleCommandInput;

function checkTarget(target: Sdk.Target | undefined): Sdk.Target {
  if (target?.Arn === undefined || target.RoleArn === undefined) throw validationError('Target must have Arn and RoleArn.');
  if (!/^arn:aws:(lambda|sqs|sns):/.test(target.Arn))
    throw validationError(`The local AWS schedules Lambda, SQS and SNS; given target ${target.Arn}`);
  const extra = Object.entries(target).filter(([name, value]) => value !== undefined && !TARGET_MEMBERS.has(name));
  if (extra.length > 0)
    throw validationError(`The local AWS does not support ${extra.map(([name]) => name).join(', ')} of a schedule's target.`);
  const { MaximumRetryAttempts: attempts = 0, MaximumEventAgeInSeconds: age = 60 } = target.RetryPolicy ?? {};
  if (attempts < 0 || attempts > 185) throw validationError(`MaximumRetryAttempts must be 0 to 185; given ${attempts}`);
  if (age < 60 || age > 86_400) throw validationError(`MaximumEventAgeInSeconds must be 60 to 86400; given ${age}`);
  return target;
}

function checkExpression(expression: string, timezone: string): void {
  try {
    parseSchedule(expression, timezone);
  } catch (error) {
    throw validationError(
      `Invalid Schedule Expression ${expression}. (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}

function describe(record: ScheduleRecord): Partial<Sdk.GetScheduleCommandOutput> {
  return {
    Name: record.name,
    GroupName: record.group,
    Arn: record.arn,
    CreationDate: new Date(record.created),
    LastModificationDate: new Date(record.modified),
    ScheduleExpression: record.expression,
    ScheduleExpressionTimezone: record.timezone,
    State: record.enabled ? 'ENABLED' : 'DISABLED',
    ActionAfterCompletion: record.deleteAfterCompletion ? 'DELETE' : 'NONE',
    FlexibleTimeWindow: record.flexibleTimeWindow,
    Target: record.target,
    ...(record.description === undefined ? {} : { Description: record.description }),
    ...(record.start === undefined ? {} : { StartDate: new Date(record.start) }),
    ...(record.end === undefined ? {} : { EndDate: new Date(record.end) }),
    ...(record.kmsKeyArn === undefined ? {} : { KmsKeyArn: record.kmsKeyArn }),
  };
}

/** What the operations share. */
function scheduleScope(cloud: Cloud, store: ScheduleStore, runner: ScheduleRunner) {
  const read = (input: Given, created: number): ScheduleRecord => {
    const name = input.Name ?? '';
    const group = store.group(input.GroupName).name;
    if (!NAME.test(name)) throw validationError(`Invalid schedule name '${name}'.`);
    const timezone = input.ScheduleExpressionTimezone ?? 'UTC';
    const expression = input.ScheduleExpression ?? '';
    checkExpression(expression, timezone);
    return {
      name,
      group,
      arn: store.arn(group, name),
      created,
      modified: cloud.clock.now(),
      expression,
      timezone,
      enabled: input.State !== 'DISABLED',
      deleteAfterCompletion: input.ActionAfterCompletion === 'DELETE',
      flexibleTimeWindow: input.FlexibleTimeWindow ?? { Mode: 'OFF' },
      target: checkTarget(input.Target),
      ...(input.Description === undefined ? {} : { description: input.Description }),
      ...(input.StartDate === undefined ? {} : { start: new Date(input.StartDate).getTime() }),
      ...(input.EndDate === undefined ? {} : { end: new Date(input.EndDate).getTime() }),
      ...(input.KmsKeyArn === undefined ? {} : { kmsKeyArn: input.KmsKeyArn }),
    };
  };
  const summary = (record: ScheduleRecord): object => {
    const { Target, ...rest } = describe(record);
    return { ...rest, Target: { Arn: Target?.Arn } };
  };
  return { cloud, read, store, runner, summary };
}
type ScheduleScope = ReturnType<typeof scheduleScope>;

async function createSchedule({ cloud, read, store, runner }: ScheduleScope, input: Sdk.CreateScheduleCommandInput) {
  const now = cloud.clock.now();
  const record = read(input, now);
  if (store.get(record.group, record.name) !== undefined)
    throw new AwsError('ConflictException', `Schedule ${record.name} already exists.`, { status: 409 });
  await store.put(record);
  await runner.changed(record, now - 1);
  return { ScheduleArn: record.arn };
}

async function updateSchedule({ store, read, runner, cloud }: ScheduleScope, input: Sdk.UpdateScheduleCommandInput) {
  const known = store.find(input.Name, input.GroupName);
  const record = read(input, known.created);
  await store.put(record);
  await runner.changed(record, cloud.clock.now());
  return { ScheduleArn: record.arn };
}

async function deleteSchedule({ store, runner }: ScheduleScope, input: Sdk.DeleteScheduleCommandInput) {
  const record = store.find(input.Name, input.GroupName);
  await store.remove(record);
  await runner.removed(record);
  return {};
}

function listSchedules({ store, summary }: ScheduleScope, input: Sdk.ListSchedulesCommandInput) {
  const found = store
    .inGroup(input.GroupName)
    .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''))
    .filter(({ enabled }) => input.State === undefined || enabled === (input.State === 'ENABLED'));
  const start = Number(input.NextToken ?? 0);
  const size = input.MaxResults ?? 100;
  const next = start + size < found.length ? { NextToken: String(start + size) } : {};
  return { Schedules: found.slice(start, start + size).map(summary), ...next };
}

/** Schedules: made, changed, found, deleted. */
export function scheduleOperations(cloud: Cloud, store: ScheduleStore, runner: ScheduleRunner): Operations {
  const scope = scheduleScope(cloud, store, runner);
  return {
    CreateSchedule: (input: Sdk.CreateScheduleCommandInput) => createSchedule(scope, input),
    UpdateSchedule: (input: Sdk.UpdateScheduleCommandInput) => updateSchedule(scope, input),
    GetSchedule: (input: Sdk.GetScheduleCommandInput) => describe(store.find(input.Name, input.GroupName)),
    DeleteSchedule: (input: Sdk.DeleteScheduleCommandInput) => deleteSchedule(scope, input),
    ListSchedules: (input: Sdk.ListSchedulesCommandInput) => listSchedules(scope, input),
  };
}

/** Groups of schedules; deleting one deletes what is in it. */
export function groupOperations(cloud: Cloud, store: ScheduleStore, runner: ScheduleRunner): Operations {
  const describeGroup = (group: GroupRecord): object => ({
    Name: group.name,
    Arn: group.arn,
    State: 'ACTIVE',
    CreationDate: new Date(group.created),
    LastModificationDate: new Date(group.created),
  });
  return {
    CreateScheduleGroup: async (input: Sdk.CreateScheduleGroupCommandInput) => {
      const name = input.Name ?? '';
      if (!NAME.test(name)) throw validationError(`Invalid schedule group name '${name}'.`);
      if (name === DEFAULT_GROUP || store.groups.get(name) !== undefined)
        throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, { status: 409 });
      const tags = (input.Tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }));
      await store.groups.put(name, { name, arn: store.groupArn(name), created: cloud.clock.now(), tags });
      return { ScheduleGroupArn: store.groupArn(name) };
    },
    GetScheduleGroup: (input: Sdk.GetScheduleGroupCommandInput) => describeGroup(store.group(input.Name)),
    ListScheduleGroups: () => {
      const made = [...store.groups.entries()].map(({ value }) => value);
      return { ScheduleGroups: [store.group(), ...made].map(describeGroup) };
    },
    DeleteScheduleGroup: async (input: Sdk.DeleteScheduleGroupCommandInput) => {
      const group = store.group(input.Name);
      if (group.name === DEFAULT_GROUP) throw validationError('Cannot delete default group.');
      for (const record of store.inGroup(group.name)) {
        await store.remove(record);
        await runner.removed(record);
      }
      await store.groups.remove(group.name);
      return {};
    },
  };
}
