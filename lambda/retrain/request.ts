import { createHash } from 'node:crypto';
import * as z from 'zod';
import { findModel, type Model, type Platform } from '../../core/definition';
import type { Names } from '../../core/naming';
import { type RunParameters, runParametersSchema, type Trigger, triggerSchema } from '../../core/retraining';
import { taskOf } from '../../core/tasks';

/** An alarm that asks for a training. */
export interface TrainingAlarm {
  readonly name: string;
  readonly reason: string;
  /** Instant, ISO 8601 UTC. */
  readonly at: string;
}

/** Somebody wants a model trained. */
export interface TrainingRequest {
  readonly model: string;
  readonly trigger: Trigger;
  /** Identity of the request: the same delivery, also when repeated, has the same. */
  readonly id: string;
  readonly parameters: RunParameters;
  readonly alarm?: TrainingAlarm;
}

export type RetrainEvent =
  | { readonly kind: 'request'; readonly request: TrainingRequest }
  | { readonly kind: 'schedule' }
  | { readonly kind: 'ignored'; readonly why: string };

const alarmEventSchema = z.object({
  source: z.literal('aws.cloudwatch'),
  alarmData: z.object({
    alarmName: z.string(),
    state: z.object({ value: z.string(), reason: z.string(), timestamp: z.string() }),
  }),
});
const directSchema = z.strictObject({
  model: z.string(),
  trigger: triggerSchema.extract(['manual', 'initial']),
  id: z.string().min(1).max(64).optional(),
  parameters: z.record(z.string(), z.unknown()).default({}),
});
const scheduleSchema = z.object({ schedule: z.literal('reexamine') });

/** Reads an invocation: an alarm's direct action, a person's wish, or the schedule. Throws on anything else. */
export function readRetrainEvent(platform: Platform, names: Names, event: unknown, requestId: string): RetrainEvent {
  const alarm = alarmEventSchema.safeParse(event);
  if (alarm.success) return fromAlarm(platform, names, alarm.data.alarmData);
  if (scheduleSchema.safeParse(event).success) return { kind: 'schedule' };
  const { trigger, id = requestId, ...direct } = directSchema.parse(event);
  const model = findModel(platform, direct.model);
  if (model === undefined)
    throw new Error(`model: no model '${direct.model}', allowed: ${platform.models.map(({ name }) => name).join(', ')}`);
  const parameters = runParametersSchema(model).parse(direct.parameters);
  return { kind: 'request', request: { model: model.name, trigger, parameters, id } };
}

interface AlarmMeaning {
  readonly model: string;
  readonly trigger: Trigger;
}

/** The model and trigger that an alarm stands for, by alarm name. */
export function alarmTriggers(platform: Platform, names: Names): ReadonlyMap<string, AlarmMeaning> {
  return new Map(platform.models.flatMap((model) => triggersOf(model, names)));
}

function triggersOf(model: Model, names: Names): [string, AlarmMeaning][] {
  const { name } = model;
  const floors = taskOf(model).floors(model.gates);
  return [
    [names.driftAlarm(name), { model: name, trigger: 'drift' }],
    ...floors.map(({ metric }): [string, AlarmMeaning] => [
      names.floorAlarm(name, metric),
      { model: name, trigger: 'quality-floor' },
    ]),
  ];
}

/** The request that an alarm in ALARM stands for. The same alarm at the same instant is the same request. */
export function alarmRequest({ model, trigger }: AlarmMeaning, alarm: TrainingAlarm): TrainingRequest {
  const id = createHash('sha256').update(`${alarm.name}\n${alarm.at}`).digest('hex').slice(0, 32);
  return { model, trigger, id, parameters: {}, alarm };
}

function fromAlarm(
  platform: Platform,
  names: Names,
  { alarmName: name, state }: z.infer<typeof alarmEventSchema>['alarmData'],
): RetrainEvent {
  const meaning = alarmTriggers(platform, names).get(name);
  if (meaning === undefined) return { kind: 'ignored', why: `alarm ${name} asks for no retraining` };
  if (state.value !== 'ALARM') return { kind: 'ignored', why: `alarm ${name} is ${state.value}` };
  const at = new Date(state.timestamp.replace(/\+0000$/, 'Z')).toISOString();
  return { kind: 'request', request: alarmRequest(meaning, { name, reason: state.reason, at }) };
}
