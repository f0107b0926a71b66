import type { InputTransformer, Target } from '@aws-sdk/client-eventbridge';
import { validationError } from '../../errors';
import type { EventRecord, RuleRecord } from './store';

/** Value at `$.a.b[0]` of an event; undefined if there is none. */
function atPath(event: unknown, path: string): unknown {
  if (path === '$') return event;
  const steps = path.replace(/^\$\.?/, '').match(/[^.[\]]+/g) ?? [];
  return steps.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined),
    event,
  );
}

/** Throws if a transformer is not one that EventBridge takes. */
export function checkTransformer(transformer: InputTransformer, id: string): void {
  const paths = Object.entries(transformer.InputPathsMap ?? {});
  if (paths.length > 100) throw validationError(`InputPathsMap of target ${id} has more than 100 entries.`);
  for (const [name, path] of paths) {
    if (name.startsWith('AWS.') || !/^\$/.test(path))
      throw validationError(`Invalid InputTransformer for target ${id} : [Invalid path ${name}: ${path}].`);
  }
  const template = transformer.InputTemplate ?? '';
  if (template.length === 0 || template.length > 8192)
    throw validationError(`InputTemplate of target ${id} must have 1 to 8192 characters.`);
}

function variables(transformer: InputTransformer, event: EventRecord, rule: RuleRecord): Map<string, unknown> {
  const values = new Map<string, unknown>(
    Object.entries(transformer.InputPathsMap ?? {}).map(([name, path]) => [name, atPath(event, path)]),
  );
  const { detail: _detail, ...withoutDetail } = event;
  values.set('aws.events.rule-arn', rule.arn);
  values.set('aws.events.rule-name', rule.name);
  values.set('aws.events.event.ingestion-time', event.time);
  values.set('aws.events.event', withoutDetail);
  values.set('aws.events.event.json', event);
  return values;
}

/** Fills `<name>` of a template: as JSON outside of quotes, as raw text inside; a path that is not in the event gives nothing. */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  let quoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/gs, (token, name: string | undefined) => {
    if (name === undefined) {
      if (token === '"') quoted = !quoted;
      return token;
    }
    const value = values.get(name);
    if (value === undefined) return values.has(name) ? (quoted ? '' : '""') : token;
    if (!quoted) return JSON.stringify(value);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return JSON.stringify(text).slice(1, -1);
  });
}

/** What a target gets of an event: the event, a part of it, a constant, or a text made from it. */
export function targetInput(target: Target, event: EventRecord, rule: RuleRecord): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(atPath(event, target.InputPath) ?? null);
  if (target.InputTransformer === undefined) return JSON.stringify(event);
  return fill(target.InputTransformer.InputTemplate ?? '', variables(target.InputTransformer, event, rule));
}
