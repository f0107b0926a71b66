import type * as Sdk from '@aws-sdk/client-sagemaker';
import { validationError } from '../../../errors';
import type { Parameter, Value } from './definition';

function read(parameter: Parameter, text: string): Value | undefined {
  switch (parameter.type) {
    case 'String':
      return text;
    case 'Integer':
      return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
    case 'Float':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'Boolean':
      return { true: true, false: false }[text.toLowerCase()];
  }
}

/** Values of a run's parameters, typed; Start gives them as strings. Throws for unknown, missing and unfit ones, all told. */
export function parameterValues(
  declared: readonly Parameter[],
  given: readonly Sdk.Parameter[],
): Readonly<Record<string, Value>> {
  const problems = given
    .filter(({ Name }) => !declared.some(({ name }) => name === Name))
    .map(({ Name }) => `unknown pipeline parameter [${Name}]`);
  const values: Record<string, Value> = {};
  for (const parameter of declared) {
    const text = given.find(({ Name }) => Name === parameter.name)?.Value;
    const value = text === undefined ? parameter.defaultValue : read(parameter, text);
    if (value === undefined) {
      problems.push(
        text === undefined
          ? `parameter [${parameter.name}] has no default and was not given`
          : `value '${text}' of parameter [${parameter.name}] is not of type ${parameter.type}`,
      );
      continue;
    }
    if (parameter.allowed !== undefined && !parameter.allowed.includes(value))
      problems.push(`value '${String(value)}' of parameter [${parameter.name}] is not one of ${parameter.allowed.join(', ')}`);
    values[parameter.name] = value;
  }
  if (problems.length > 0) throw validationError(`Pipeline parameters are not valid: ${problems.join('; ')}`);
  return values;
}
