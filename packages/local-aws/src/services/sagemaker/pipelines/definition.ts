/** A value of a definition: JSON, in which `Get`, `Std:Join` and `Std:JsonGet` objects stand for what is known at run time. */
export type Value = string | number | boolean | null | { readonly [key: string]: Value } | readonly Value[];
export type ValueObject = { readonly [key: string]: Value };

export const STEP_TYPES = ['Processing', 'Training', 'RegisterModel', 'Model', 'Lambda', 'Condition', 'Fail'] as const;
export type StepType = (typeof STEP_TYPES)[number];

export const PARAMETER_TYPES = ['String', 'Integer', 'Float', 'Boolean'] as const;

export interface Parameter {
  readonly name: string;
  readonly type: (typeof PARAMETER_TYPES)[number];
  readonly defaultValue?: string | number | boolean;
  readonly allowed?: readonly Value[];
}

export interface PropertyFile {
  readonly name: string;
  readonly output: string;
  readonly path: string;
}

export interface RetryPolicy {
  readonly exceptions: readonly string[];
  readonly intervalSeconds: number;
  readonly backoffRate: number;
  readonly maxAttempts?: number;
  readonly expireAfterMinutes?: number;
}

export interface LambdaOutput {
  readonly name: string;
  readonly type: (typeof PARAMETER_TYPES)[number];
}

export type Condition =
  | { readonly type: Comparison; readonly left: Value; readonly right: Value }
  | { readonly type: 'In'; readonly query: Value; readonly values: readonly Value[] }
  | { readonly type: 'Not'; readonly condition: Condition }
  | { readonly type: 'Or'; readonly conditions: readonly Condition[] };

export const COMPARISONS = ['Equals', 'GreaterThan', 'GreaterThanOrEqualTo', 'LessThan', 'LessThanOrEqualTo'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface Step {
  readonly name: string;
  readonly type: StepType;
  readonly displayName?: string;
  readonly arguments: ValueObject;
  readonly dependsOn: readonly string[];
  readonly retryPolicies: readonly RetryPolicy[];
  readonly propertyFiles: readonly PropertyFile[];
  /** Time for which results of earlier runs stand for this step's, in ms; absent: never. */
  readonly cacheMs?: number;
  readonly functionArn?: Value;
  readonly outputs: readonly LambdaOutput[];
  readonly conditions: readonly Condition[];
  /** The condition step in whose branch this one stands. */
  readonly branch?: { readonly step: string; readonly outcome: boolean };
}

export interface Definition {
  readonly parameters: readonly Parameter[];
  /** All steps, those of branches included, in the order of the text. */
  readonly steps: readonly Step[];
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isObject(value: Value | undefined): value is ValueObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** What stands in `{"Get": ...}` and its like; undefined for a value that is no such expression. */
export function expression(value: Value | undefined, key: 'Get' | 'Std:Join' | 'Std:JsonGet'): Value | undefined {
  return isObject(value) && Object.keys(value).length === 1 ? value[key] : undefined;
}

/** Every `Get` path within a value. */
export function references(value: Value | undefined): string[] {
  if (isList(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  const path = expression(value, 'Get');
  if (path !== undefined) return [String(path)];
  return Object.values(value).flatMap((item) => references(item));
}

function conditionValues(condition: Condition): Value[] {
  switch (condition.type) {
    case 'In':
      return [condition.query, condition.values];
    case 'Not':
      return conditionValues(condition.condition);
    case 'Or':
      return condition.conditions.flatMap(conditionValues);
    default:
      return [condition.left, condition.right];
  }
}

/** Every `Get` path in a step, its conditions included. */
export function referencesOf(step: Step): string[] {
  return references([step.arguments, step.functionArn ?? null, ...step.conditions.flatMap(conditionValues)]);
}

const STEP_PATH = /^Steps\.([A-Za-z0-9\-_]+)/;

/** The step that a `Get` path reads; undefined for other roots. */
export function stepIn(path: string): string | undefined {
  return STEP_PATH.exec(path)?.[1];
}

/** Names of the steps that must have succeeded before this one starts: references, DependsOn, and the branch's condition. */
export function dependencies(step: Step): ReadonlySet<string> {
  const read = referencesOf(step).flatMap((path) => stepIn(path) ?? []);
  return new Set([...read, ...step.dependsOn, ...(step.branch === undefined ? [] : [step.branch.step])]);
}
