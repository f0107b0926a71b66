import type * as Sdk from '@aws-sdk/client-eventbridge';
import type { Cloud, Operations } from '../../cloud';
import { AwsError, validationError } from '../../errors';
import { checkPattern, matches } from '../../patterns/event-pattern';
import { parseSchedule } from '../../schedules/expression';
import { checkTransformer } from './input';
import type { RuleSchedules } from './schedules';
import { BUS, type RuleRecord, type RuleStore } from './store';

const MAX_TARGETS = 5;
const TARGET_KINDS = /^arn:aws:(lambda|sqs|sns|logs):/;
const TARGET_MEMBERS = new Set([
  'Id',
  'Arn',
  'RoleArn',
  'Input',
  'InputPath',
  'InputTransformer',
  'DeadLetterConfig',
  'RetryPolicy',
]);

function checkedPattern(text: string): void {
  try {
    checkPattern(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
  }
}

function checkSchedule(expression: string): void {
  try {
    if (parseSchedule(expression).kind === 'at') throw new Error('at');
  } catch {
    throw validationError('Parameter ScheduleExpression is not valid.');
  }
}

function describe(rule: RuleRecord): Sdk.Rule {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: BUS,
    State: rule.enabled ? 'ENABLED' : 'DISABLED',
    ...(rule.description === undefined ? {} : { Description: rule.description }),
    ...(rule.pattern === undefined ? {} : { EventPattern: rule.pattern }),
    ...(rule.schedule === undefined ? {} : { ScheduleExpression: rule.schedule }),
    ...(rule.role === undefined ? {} : { RoleArn: rule.role }),
  };
}

/** What the operations share. */
function ruleScope(cloud: Cloud, store: RuleStore, schedules: RuleSchedules) {
  const enable = async (input: Sdk.EnableRuleCommandInput, enabled: boolean): Promise<void> => {
    const record = { ...store.find(input.Name, input.EventBusName), enabled };
    await store.put(record);
    await schedules.changed(record);
  };
  return { store, cloud, schedules, enable };
}
type RuleScope = ReturnType<typeof ruleScope>;

async function putRule({ store, cloud, schedules }: RuleScope, input: Sdk.PutRuleCommandInput): Promise<object> {
  store.checkBus(input.EventBusName);
  const name = input.Name ?? '';
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
    );
  }
  if (input.EventPattern === undefined && input.ScheduleExpression === undefined)
    throw validationError('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  if (input.EventPattern !== undefined) checkedPattern(input.EventPattern);
  if (input.ScheduleExpression !== undefined) checkSchedule(input.ScheduleExpression);
  const known = store.get(name);
  const record: RuleRecord = {
    name,
    arn: store.arn(name),
    enabled: input.State !== 'DISABLED',
    created: cloud.clock.now(),
    tags: known?.tags ?? (input.Tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value })),
    targets: known?.targets ?? [],
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.EventPattern === undefined ? {} : { pattern: input.EventPattern }),
    ...(input.ScheduleExpression === undefined ? {} : { schedule: input.ScheduleExpression }),
    ...(input.RoleArn === undefined ? {} : { role: input.RoleArn }),
  };
  await store.put(record);
  await schedules.changed(record);
  return { RuleArn: record.arn };
}

function describeRule({ store, cloud }: RuleScope, input: Sdk.DescribeRuleCommandInput) {
  return {
    ...describe(store.find(input.Name, input.EventBusName)),
    CreatedBy: cloud.account,
  };
}

function listRules({ store }: RuleScope, input: Sdk.ListRulesCommandInput) {
  store.checkBus(input.EventBusName);
  return { Rules: store.all(input.NamePrefix).map(describe) };
}

async function deleteRule({ store, schedules }: RuleScope, input: Sdk.DeleteRuleCommandInput) {
  const rule = store.get(input.Name ?? '');
  if (rule === undefined) return;
  if (rule.targets.length > 0) throw validationError("Rule can't be deleted since it has targets.");
  await store.remove(rule.name);
  await schedules.removed(rule.name);
}

function testEventPattern(input: Sdk.TestEventPatternCommandInput) {
  checkedPattern(input.EventPattern ?? '');
  return { Result: matches(input.EventPattern ?? '', JSON.parse(input.Event ?? '{}')) };
}

function listTagsForResource({ store }: RuleScope, input: Sdk.ListTagsForResourceCommandInput) {
  return {
    Tags: store.find(input.ResourceARN?.split('rule/')[1]).tags,
  };
}

async function tagResource({ store }: RuleScope, input: Sdk.TagResourceCommandInput) {
  const rule = store.find(input.ResourceARN?.split('rule/')[1]);
  const added = (input.Tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }));
  const kept = rule.tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key));
  await store.put({ ...rule, tags: [...kept, ...added] });
  return {};
}

/** Rules: made, changed, found, switched, deleted; patterns tried. */
export function ruleOperations(cloud: Cloud, store: RuleStore, schedules: RuleSchedules): Operations {
  const scope = ruleScope(cloud, store, schedules);
  const { enable } = scope;
  return {
    PutRule: (input: Sdk.PutRuleCommandInput) => putRule(scope, input),
    DescribeRule: (input: Sdk.DescribeRuleCommandInput) => describeRule(scope, input),
    ListRules: (input: Sdk.ListRulesCommandInput) => listRules(scope, input),
    EnableRule: (input: Sdk.EnableRuleCommandInput) => enable(input, true),
    DisableRule: (input: Sdk.DisableRuleCommandInput) => enable(input, false),
    DeleteRule: (input: Sdk.DeleteRuleCommandInput) => deleteRule(scope, input),
    TestEventPattern: testEventPattern,
    ListTagsForResource: (input: Sdk.ListTagsForResourceCommandInput) => listTagsForResource(scope, input),
    TagResource: (input: Sdk.TagResourceCommandInput) => tagResource(scope, input),
  };
}

function checkTarget(target: Sdk.Target): void {
  const unsupported = Object.keys(target).filter(
    (name) => !TARGET_MEMBERS.has(name) && target[name as keyof Sdk.Target] !== undefined,
  );
  if (unsupported.length > 0) throw validationError(`The local AWS does not support ${unsupported.join(', ')} of a target.`);
  if (!TARGET_KINDS.test(target.Arn ?? ''))
    throw validationError(`The local AWS delivers events to Lambda, SQS, SNS and CloudWatch Logs; given ${target.Arn}`);
  const inputs = [target.Input, target.InputPath, target.InputTransformer].filter((input) => input !== undefined);
  if (inputs.length > 1)
    throw validationError(`Only one of Input, InputPath, or InputTransformer must be provided for target ${target.Id}.`);
  if (target.InputTransformer !== undefined) checkTransformer(target.InputTransformer, target.Id ?? '');
  const { MaximumRetryAttempts: attempts = 0, MaximumEventAgeInSeconds: age = 60 } = target.RetryPolicy ?? {};
  if (attempts < 0 || attempts > 185) throw validationError(`MaximumRetryAttempts must be 0 to 185; given ${attempts}`);
  if (age < 60 || age > 86_400) throw validationError(`MaximumEventAgeInSeconds must be 60 to 86400; given ${age}`);
}

/** Targets of rules. */
export function targetOperations(store: RuleStore): Operations {
  return {
    PutTargets: async (input: Sdk.PutTargetsCommandInput) => {
      const rule = store.find(input.Rule, input.EventBusName);
      const added = input.Targets ?? [];
      for (const target of added) checkTarget(target);
      const kept = rule.targets.filter(({ Id }) => !added.some((target) => target.Id === Id));
      if (kept.length + added.length > MAX_TARGETS)
        throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
      await store.put({ ...rule, targets: [...kept, ...added] });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets: async (input: Sdk.RemoveTargetsCommandInput) => {
      const rule = store.find(input.Rule, input.EventBusName);
      await store.put({ ...rule, targets: rule.targets.filter(({ Id }) => input.Ids?.includes(Id ?? '') !== true) });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule: (input: Sdk.ListTargetsByRuleCommandInput) => ({
      Targets: store.find(input.Rule, input.EventBusName).targets,
    }),
    ListRuleNamesByTarget: (input: Sdk.ListRuleNamesByTargetCommandInput) => ({
      RuleNames: store
        .all()
        .filter(({ targets }) => targets.some(({ Arn }) => Arn === input.TargetArn))
        .map(({ name }) => name),
    }),
  };
}
