import { AwsError } from '../../../errors';
import {
  COMPARISONS,
  type Condition,
  type Definition,
  isList,
  isObject,
  type LambdaOutput,
  PARAMETER_TYPES,
  type Parameter,
  type PropertyFile,
  type RetryPolicy,
  STEP_TYPES,
  type Step,
  type StepType,
  type Value,
  type ValueObject,
} from './definition';
import { structureProblems } from './structure';

const STEP_NAME = /^[A-Za-z0-9\-_]{1,64}$/;
const COMMON_KEYS = ['Name', 'Type', 'Arguments', 'DisplayName', 'Description', 'DependsOn'];
const FURTHER_KEYS: Readonly<Partial<Record<StepType, readonly string[]>>> = {
  Processing: ['RetryPolicies', 'CacheConfig', 'PropertyFiles'],
  Training: ['RetryPolicies', 'CacheConfig'],
  RegisterModel: ['RetryPolicies'],
  Model: ['RetryPolicies'],
  Lambda: ['FunctionArn', 'OutputParameters'],
};
const DAY_MS = 86_400_000;

export function definitionError(problems: readonly string[]): AwsError {
  return new AwsError('ValidationException', `Unable to parse pipeline definition. ${problems.join('; ')}`, { status: 400 });
}

/** Parses and checks a definition (schema 2020-12-01). Throws one ValidationException that tells all that is wrong. */
export function parseDefinition(text: string): Definition {
  let value: Value;
  try {
    value = JSON.parse(text) as Value;
  } catch (error) {
    throw definitionError([`it is not JSON: ${error instanceof Error ? error.message : String(error)}`]);
  }
  return new Parser().definition(value);
}

class Parser {
  private readonly problems: string[] = [];

  definition(value: Value): Definition {
    if (!isObject(value)) throw definitionError(['it is not an object']);
    if (value.Version !== '2020-12-01') this.problem(`Version must be '2020-12-01', found '${String(value.Version)}'`);
    this.unknown('the definition', value, ['Version', 'Metadata', 'PipelineExperimentConfig', 'Parameters', 'Steps']);
    const parameters = this.list(value.Parameters, 'Parameters').map((item) => this.parameter(item));
    const steps = this.list(value.Steps, 'Steps').flatMap((item) => this.step(item));
    if (steps.length === 0) this.problem('Steps must have at least one step');
    const definition = { parameters, steps };
    const problems = [...this.problems, ...structureProblems(definition)];
    if (problems.length > 0) throw definitionError(problems);
    return definition;
  }

  private problem(text: string): void {
    this.problems.push(text);
  }

  private list(value: Value | undefined, path: string): readonly Value[] {
    if (value === undefined || value === null) return [];
    if (isList(value)) return value;
    this.problem(`${path} must be a list`);
    return [];
  }

  private object(value: Value | undefined, path: string): ValueObject {
    if (isObject(value)) return value;
    this.problem(`${path} must be an object`);
    return {};
  }

  private text(value: Value | undefined, path: string): string {
    if (typeof value === 'string') return value;
    this.problem(`${path} must be a string`);
    return '';
  }

  private oneOf<T extends string>(value: Value | undefined, allowed: readonly T[], path: string): T {
    const found = allowed.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    this.problem(`${path} is '${String(value)}', the local AWS knows ${allowed.join(', ')}`);
    return allowed[0] as T;
  }

  private unknown(path: string, value: ValueObject, known: readonly string[]): void {
    for (const key of Object.keys(value)) if (!known.includes(key)) this.problem(`${path} has the unknown key '${key}'`);
  }

  private parameter(value: Value): Parameter {
    const item = this.object(value, 'a parameter');
    const name = this.text(item.Name, 'Name of a parameter');
    const path = `parameter '${name}'`;
    this.unknown(path, item, ['Name', 'Type', 'DefaultValue', 'EnumValues']);
    const type = this.oneOf(item.Type, PARAMETER_TYPES, `Type of ${path}`);
    const given = item.DefaultValue;
    const fits = { String: 'string', Integer: 'number', Float: 'number', Boolean: 'boolean' }[type] === typeof given;
    const whole = type !== 'Integer' || Number.isInteger(given);
    if (given !== undefined && (!fits || !whole)) this.problem(`DefaultValue of ${path} is not of type ${type}`);
    return {
      name,
      type,
      ...(given === undefined || given === null || typeof given === 'object' ? {} : { defaultValue: given }),
      ...(item.EnumValues === undefined ? {} : { allowed: this.list(item.EnumValues, `EnumValues of ${path}`) }),
    };
  }

  /** A step and, after a condition, those of its branches. */
  private step(value: Value, branch?: Step['branch']): Step[] {
    const item = this.object(value, 'a step');
    const name = this.text(item.Name, 'Name of a step');
    if (!STEP_NAME.test(name)) this.problem(`Name '${name}' of a step must satisfy [A-Za-z0-9\\-_]{1,64}`);
    const path = `step '${name}'`;
    const type = this.oneOf(item.Type, STEP_TYPES, `Type of ${path}`);
    this.unknown(path, item, [...COMMON_KEYS, ...(FURTHER_KEYS[type] ?? [])]);
    const args = this.object(item.Arguments ?? {}, `Arguments of ${path}`);
    const cacheMs = this.cache(item.CacheConfig, path);
    const step: Step = {
      name,
      type,
      arguments: type === 'Condition' ? {} : args,
      dependsOn: this.list(item.DependsOn, `DependsOn of ${path}`).map((entry) => this.text(entry, `DependsOn of ${path}`)),
      retryPolicies: this.list(item.RetryPolicies, `RetryPolicies of ${path}`).map((entry) => this.retryPolicy(entry, path)),
      propertyFiles: this.list(item.PropertyFiles, `PropertyFiles of ${path}`).map((entry) => this.propertyFile(entry, path)),
      outputs: this.list(item.OutputParameters, `OutputParameters of ${path}`).map((entry) => this.output(entry, path)),
      conditions: type === 'Condition' ? this.conditions(args.Conditions, path) : [],
      ...(item.DisplayName === undefined ? {} : { displayName: this.text(item.DisplayName, `DisplayName of ${path}`) }),
      ...(item.FunctionArn === undefined ? {} : { functionArn: item.FunctionArn }),
      ...(cacheMs === undefined ? {} : { cacheMs }),
      ...(branch === undefined ? {} : { branch }),
    };
    if (type === 'Lambda' && step.functionArn === undefined) this.problem(`${path} must have FunctionArn`);
    return [step, ...(type === 'Condition' ? this.branches(args, step) : [])];
  }

  private branches(args: ValueObject, step: Step): Step[] {
    if (step.branch !== undefined) this.problem(`condition step '${step.name}' stands in a branch of '${step.branch.step}'`);
    const path = `Arguments of step '${step.name}'`;
    this.unknown(path, args, ['Conditions', 'IfSteps', 'ElseSteps']);
    const side = (key: 'IfSteps' | 'ElseSteps', outcome: boolean): Step[] =>
      this.list(args[key], `${key} of ${path}`).flatMap((item) => this.step(item, { step: step.name, outcome }));
    return [...side('IfSteps', true), ...side('ElseSteps', false)];
  }

  private conditions(value: Value | undefined, path: string): Condition[] {
    const conditions = this.list(value, `Conditions of ${path}`).map((item) => this.condition(item, path));
    if (conditions.length === 0) this.problem(`Conditions of ${path} must have at least one condition`);
    return conditions;
  }

  private condition(value: Value | undefined, path: string): Condition {
    const item = this.object(value, `a condition of ${path}`);
    const type = this.oneOf(item.Type, [...COMPARISONS, 'In', 'Not', 'Or'] as const, `Type of a condition of ${path}`);
    if (type === 'Not') return { type, condition: this.condition(item.Condition, path) };
    if (type === 'Or') return { type, conditions: this.conditions(item.Conditions, path) };
    if (type === 'In')
      return { type, query: item.QueryValue ?? null, values: this.list(item.Values, `Values of a condition of ${path}`) };
    if (item.LeftValue === undefined || item.RightValue === undefined)
      this.problem(`a ${type} condition of ${path} must have LeftValue and RightValue`);
    return { type, left: item.LeftValue ?? null, right: item.RightValue ?? null };
  }

  private propertyFile(value: Value, path: string): PropertyFile {
    const item = this.object(value, `a property file of ${path}`);
    const text = (key: string): string => this.text(item[key], `${key} of a property file of ${path}`);
    return { name: text('PropertyFileName'), output: text('OutputName'), path: text('FilePath') };
  }

  private output(value: Value, path: string): LambdaOutput {
    const item = this.object(value, `an output of ${path}`);
    const name = this.text(item.OutputName, `OutputName of ${path}`);
    return { name, type: this.oneOf(item.OutputType, PARAMETER_TYPES, `OutputType of output '${name}' of ${path}`) };
  }

  private retryPolicy(value: Value, path: string): RetryPolicy {
    const item = this.object(value, `a retry policy of ${path}`);
    const number = (key: string): number | undefined => {
      const given = item[key];
      if (given !== undefined && typeof given !== 'number') this.problem(`${key} of a retry policy of ${path} must be a number`);
      return typeof given === 'number' ? given : undefined;
    };
    const [maxAttempts, minutes] = [number('MaxAttempts'), number('ExpireAfterMin')];
    if (maxAttempts !== undefined && minutes !== undefined)
      this.problem(`a retry policy of ${path} must have either MaxAttempts or ExpireAfterMin`);
    return {
      exceptions: this.list(item.ExceptionType, `ExceptionType of ${path}`).map((entry) =>
        this.text(entry, `ExceptionType of ${path}`),
      ),
      intervalSeconds: number('IntervalSeconds') ?? 1,
      backoffRate: number('BackoffRate') ?? 2,
      ...(minutes === undefined ? { maxAttempts: maxAttempts ?? 5 } : { expireAfterMinutes: minutes }),
    };
  }

  /** How long results stay good: ISO 8601 (`P7D`, `PT1H`) or AWS's shorter writing (`30d`, `T16m`, `30dT5h`). */
  private cache(value: Value | undefined, path: string): number | undefined {
    if (value === undefined) return undefined;
    const item = this.object(value, `CacheConfig of ${path}`);
    if (item.Enabled !== true) return undefined;
    if (item.ExpireAfter === undefined) return Number.POSITIVE_INFINITY;
    const match = /^P?(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)w)?(?:(\d+)d)?(?:T(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?)?$/i.exec(
      this.text(item.ExpireAfter, `ExpireAfter of ${path}`),
    );
    if (match === null) this.problem(`ExpireAfter of ${path} is not a duration such as P7D`);
    const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = (match ?? [])
      .slice(1)
      .map((part) => Number(part ?? 0));
    return (years * 365 + months * 30 + weeks * 7 + days) * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000;
  }
}
