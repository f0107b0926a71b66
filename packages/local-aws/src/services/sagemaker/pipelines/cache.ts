import { createHash } from 'node:crypto';
import { isList, isObject, type Step, type Value, type ValueObject } from './definition';

/** Attributes that make two steps the same work; role, instance and outputs are not among them. */
const KEYS: Readonly<Partial<Record<Step['type'], readonly string[]>>> = {
  Processing: ['AppSpecification', 'Environment', 'ProcessingInputs'],
  Training: [
    'AlgorithmSpecification',
    'CheckpointConfig',
    'DebugHookConfig',
    'DebugRuleConfigurations',
    'Environment',
    'HyperParameters',
    'InputDataConfig',
  ],
};

function sorted(value: Value): Value {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

/** Digest of what a step does, from its resolved arguments; undefined for steps that are never cached. */
export function cacheKey(step: Step, resolved: ValueObject): string | undefined {
  const keys = KEYS[step.type];
  if (keys === undefined) return undefined;
  const relevant = Object.fromEntries(keys.map((key) => [key, resolved[key] ?? null]));
  return createHash('sha256')
    .update(JSON.stringify(sorted({ type: step.type, relevant })))
    .digest('hex');
}
