import type * as Sdk from '@aws-sdk/client-cloudwatch';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { checkAlarm } from './alarm-rules';
import type { AlarmRecord, AlarmStore, HistoryRecord } from './alarm-store';

/** What alarm operations ask of the evaluation of alarms. */
export interface Watch {
  /** An alarm is new or has changed. */
  watch(alarm: AlarmRecord): void;
  unwatch(name: string): void;
  /** Gives an alarm a state by hand; actions follow if it differs. */
  force(alarm: AlarmRecord, value: AlarmRecord['state']['value'], reason: string, reasonData: string | undefined): Promise<void>;
}

function describe(alarm: AlarmRecord): Sdk.MetricAlarm {
  const { config, state } = alarm;
  const { Tags: _tags, ActionsEnabled: _enabled, ...rest } = config;
  return {
    ...(rest as Sdk.MetricAlarm),
    AlarmArn: alarm.arn,
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: config.OKActions ?? [],
    AlarmActions: config.AlarmActions ?? [],
    InsufficientDataActions: config.InsufficientDataActions ?? [],
    Dimensions: config.Dimensions ?? [],
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configured),
    StateValue: state.value,
    StateReason: state.reason,
    StateUpdatedTimestamp: new Date(state.updated),
    StateTransitionedTimestamp: new Date(state.transitioned),
    ...(state.reasonData === undefined ? {} : { StateReasonData: state.reasonData }),
  };
}

async function put(cloud: Cloud, store: AlarmStore, input: Sdk.PutMetricAlarmCommandInput): Promise<AlarmRecord> {
  checkAlarm(input);
  const name = input.AlarmName ?? '';
  const known = store.get(name);
  const now = cloud.clock.now();
  const initial = {
    value: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
    updated: now,
    transitioned: now,
  } as const;
  const record: AlarmRecord = {
    name,
    arn: store.arn(name),
    config: Object.fromEntries(
      Object.entries(input).filter(([key, value]) => value !== undefined && key !== 'Tags'),
    ) as unknown as Sdk.PutMetricAlarmCommandInput,
    configured: now,
    actionsEnabled: input.ActionsEnabled ?? true,
    // An update keeps the state until the next evaluation.
    state: known?.state ?? initial,
    tags: known?.tags ?? (input.Tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value })),
  };
  await cloud.storage.transaction(() => {
    void store.put(record);
    const what = known === undefined ? 'created' : 'updated';
    store.note(name, 'ConfigurationUpdate', `Alarm "${name}" ${what}`, {
      version: '1.0',
      type: what === 'created' ? 'Create' : 'Update',
    });
  });
  return record;
}

function selection(store: AlarmStore, input: Sdk.DescribeAlarmsCommandInput): AlarmRecord[] {
  if (input.AlarmTypes !== undefined && !input.AlarmTypes.includes('MetricAlarm')) return [];
  const named = input.AlarmNames?.flatMap((name) => store.get(name) ?? []);
  const candidates =
    named !== undefined && named.length + (input.AlarmNames?.length ?? 0) > 0 ? named : store.all(input.AlarmNamePrefix);
  return candidates
    .filter(({ state }) => input.StateValue === undefined || state.value === input.StateValue)
    .filter(({ config }) => {
      const actions = [...(config.AlarmActions ?? []), ...(config.OKActions ?? []), ...(config.InsufficientDataActions ?? [])];
      return input.ActionPrefix === undefined || actions.some((action) => action.startsWith(input.ActionPrefix ?? ''));
    });
}

function page<Item>(items: readonly Item[], max: number, token: string | undefined): { items: Item[]; next: object } {
  const start = Number(token ?? 0);
  const next = start + max < items.length ? { NextToken: String(start + max) } : {};
  return { items: items.slice(start, start + max), next };
}

function historyItem({ alarm, at, type, summary, data }: HistoryRecord): Sdk.AlarmHistoryItem {
  return {
    AlarmName: alarm,
    AlarmType: 'MetricAlarm',
    Timestamp: new Date(at),
    HistoryItemType: type,
    HistorySummary: summary,
    HistoryData: data,
  };
}

/** What the operations share. */
function alarmScope(cloud: Cloud, store: AlarmStore, watch: Watch) {
  const enable = async (names: readonly string[], actionsEnabled: boolean): Promise<object> => {
    for (const alarm of names.flatMap((name) => store.get(name) ?? [])) {
      const changed = { ...alarm, actionsEnabled };
      await store.put(changed);
      watch.watch(changed);
    }
    return {};
  };
  return { watch, cloud, store, enable };
}
type AlarmScope = ReturnType<typeof alarmScope>;

async function putMetricAlarm({ watch, cloud, store }: AlarmScope, input: Sdk.PutMetricAlarmCommandInput) {
  watch.watch(await put(cloud, store, input));
  return {};
}

function describeAlarms({ store }: AlarmScope, input: Sdk.DescribeAlarmsCommandInput) {
  const { items, next } = page(selection(store, input), input.MaxRecords ?? 50, input.NextToken);
  return { MetricAlarms: items.map(describe), CompositeAlarms: [], ...next };
}

function describeAlarmsForMetric({ store }: AlarmScope, input: Sdk.DescribeAlarmsForMetricCommandInput) {
  const key = (dimensions: readonly Sdk.Dimension[] = []): string =>
    JSON.stringify(dimensions.map(({ Name = '', Value = '' }) => [Name, Value]).sort());
  const same = store
    .all()
    .filter(({ config }) => config.MetricName === input.MetricName && config.Namespace === input.Namespace)
    .filter(({ config }) => key(config.Dimensions) === key(input.Dimensions));
  return { MetricAlarms: same.map(describe) };
}

function describeAlarmHistory({ cloud, store }: AlarmScope, input: Sdk.DescribeAlarmHistoryCommandInput) {
  const start = input.StartDate === undefined ? 0 : new Date(input.StartDate).getTime();
  const end = input.EndDate === undefined ? cloud.clock.now() : new Date(input.EndDate).getTime();
  const found = store
    .historyOf(input.AlarmName, start, end)
    .filter(({ type }) => input.HistoryItemType === undefined || type === input.HistoryItemType);
  const ordered = input.ScanBy === 'TimestampAscending' ? found : found.reverse();
  const { items, next } = page(ordered, input.MaxRecords ?? 100, input.NextToken);
  return { AlarmHistoryItems: items.map(historyItem), ...next };
}

async function setAlarmState({ store, watch }: AlarmScope, input: Sdk.SetAlarmStateCommandInput) {
  const alarm = store.find(input.AlarmName);
  const value = input.StateValue;
  if (value !== 'OK' && value !== 'ALARM' && value !== 'INSUFFICIENT_DATA')
    throw new AwsError('ValidationException', `Invalid StateValue ${value}`);
  await watch.force(alarm, value, input.StateReason ?? '', input.StateReasonData);
  return {};
}

async function deleteAlarms({ store, watch }: AlarmScope, input: Sdk.DeleteAlarmsCommandInput) {
  const names = input.AlarmNames ?? [];
  for (const name of names) store.find(name);
  for (const name of names) {
    watch.unwatch(name);
    await store.remove(name);
  }
  return {};
}

/** Metric alarms: put, found, switched, set by hand, deleted. */
export function alarmOperations(cloud: Cloud, store: AlarmStore, watch: Watch): Operations {
  const scope = alarmScope(cloud, store, watch);
  const { enable } = scope;
  return {
    PutMetricAlarm: (input: Sdk.PutMetricAlarmCommandInput) => putMetricAlarm(scope, input),
    DescribeAlarms: (input: Sdk.DescribeAlarmsCommandInput) => describeAlarms(scope, input),
    DescribeAlarmsForMetric: (input: Sdk.DescribeAlarmsForMetricCommandInput) => describeAlarmsForMetric(scope, input),
    DescribeAlarmHistory: (input: Sdk.DescribeAlarmHistoryCommandInput) => describeAlarmHistory(scope, input),
    SetAlarmState: (input: Sdk.SetAlarmStateCommandInput) => setAlarmState(scope, input),
    EnableAlarmActions: (input: Sdk.EnableAlarmActionsCommandInput) => enable(input.AlarmNames ?? [], true),
    DisableAlarmActions: (input: Sdk.DisableAlarmActionsCommandInput) => enable(input.AlarmNames ?? [], false),
    DeleteAlarms: (input: Sdk.DeleteAlarmsCommandInput) => deleteAlarms(scope, input),
    ...tagOperations(store),
  };
}

function tagOperations(store: AlarmStore): Operations {
  const byArn = (arn: string | undefined): AlarmRecord => store.find(arn?.split(':alarm:')[1]);
  return {
    TagResource: async (input: Sdk.TagResourceCommandInput) => {
      const alarm = byArn(input.ResourceARN);
      const added = (input.Tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }));
      const kept = alarm.tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key));
      await store.put({ ...alarm, tags: [...kept, ...added] });
      return {};
    },
    UntagResource: async (input: Sdk.UntagResourceCommandInput) => {
      const alarm = byArn(input.ResourceARN);
      await store.put({ ...alarm, tags: alarm.tags.filter(({ Key }) => input.TagKeys?.includes(Key) !== true) });
      return {};
    },
    ListTagsForResource: (input: Sdk.ListTagsForResourceCommandInput) => ({ Tags: byArn(input.ResourceARN).tags }),
  };
}
