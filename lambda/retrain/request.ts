import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Platform } from '../../core/definition';
import type { Names } from '../../core/naming';
import { type Trigger, triggerSchema } from '../../core/retraining';

/** Changes to a run that a person asks for. */
const parametersSchema = z.strictObject({
  /** Boosting rounds. */
  rounds: z.int().min(1).max(10_000).optional(),
  depth: z.int().min(1).max(16).optional(),
  /** Packed sources to train with instead of the deployed ones. */
  sourceUrl: z.string().startsWith('s3://').optional(),
});
export type RunParameters = z.infer<typeof parametersSchema>;

/** Somebody wants a model trained. */
export interface TrainingRequest {
  readonly model: string;
  readonly trigger: Trigger;
  /** Identity of the request: the same delivery, also when repeated, has the same. */
  readonly id: string;
  readonly parameters: RunParameters;
  readonly alarm?: { readonly name: string; readonly reason: string; readonly at: string };
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
  parameters: parametersSchema.default({}),
});
const scheduleSchema = z.object({ schedule: z.literal('reexamine') });

/** Reads an invocation: an alarm's direct action, a person's wish, or the schedule. Throws on anything else. */
export function readRetrainEvent(platform: Platform, names: Names, event: unknown, requestId: string): RetrainEvent {
  const alarm = alarmEventSchema.safeParse(event);
  if (alarm.success) return fromAlarm(platform, names, alarm.data.alarmData);
  if (scheduleSchema.safeParse(event).success) return { kind: 'schedule' };
  const direct = directSchema.parse(event);
  if (!platform.models.some(({ name }) => name === direct.model))
    throw new Error(`model: no model '${direct.model}', allowed: ${platform.models.map(({ name }) => name).join(', ')}`);
  const { model, trigger, parameters } = direct;
  return { kind: 'request', request: { model, trigger, parameters, id: direct.id ?? requestId } };
}

interface AlarmMeaning {
  readonly model: string;
  readonly trigger: Trigger;
}

/** The model and trigger that an alarm stands for, by alarm name. */
export function alarmTriggers(platform: Platform, names: Names): ReadonlyMap<string, AlarmMeaning> {
  const meanings = platform.models.flatMap(({ name }): [string, AlarmMeaning][] => [
    [names.driftAlarm(name), { model: name, trigger: 'drift' }],
    [names.precisionAlarm(name), { model: name, trigger: 'precision-floor' }],
  ]);
  return new Map(meanings);
}

function fromAlarm(
  platform: Platform,
  names: Names,
  { alarmName, state }: z.infer<typeof alarmEventSchema>['alarmData'],
): RetrainEvent {
  const found = alarmTriggers(platform, names).get(alarmName);
  if (found === undefined) return { kind: 'ignored', why: `alarm ${alarmName} asks for no retraining` };
  if (state.value !== 'ALARM') return { kind: 'ignored', why: `alarm ${alarmName} is ${state.value}` };
  const at = new Date(state.timestamp.replace(/\+0000$/, 'Z')).toISOString();
  const id = createHash('sha256').update(`${alarmName}\n${at}`).digest('hex').slice(0, 32);
  return { kind: 'request', request: { ...found, id, parameters: {}, alarm: { name: alarmName, reason: state.reason, at } } };
}
