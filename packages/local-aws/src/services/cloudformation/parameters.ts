import type { Caller, Cloud } from '../../cloud';
import { readParameter } from './environment';
import type { ParameterValue } from './records';
import { type Template, type TemplateParameter, templateError } from './template';

/** What a request says of one parameter. */
export interface GivenParameter {
  readonly key: string;
  readonly value: string | undefined;
  readonly usePrevious: boolean;
}

const MAX_BYTES = 4096;

/** What is wrong with a value by the constraints of its parameter, in AWS's words. */
function violation(parameter: TemplateParameter, value: string): string | undefined {
  const { AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = parameter;
  const numeric = parameter.Type === 'Number';
  if (numeric && (value.trim() === '' || Number.isNaN(Number(value)))) return 'must be a number';
  if (AllowedValues !== undefined && !AllowedValues.map(String).includes(value)) return 'must be one of AllowedValues';
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`, 'u').test(value))
    return `must match pattern ${AllowedPattern}`;
  if (MinLength !== undefined && value.length < Number(MinLength)) return `must contain at least ${MinLength} characters`;
  if (MaxLength !== undefined && value.length > Number(MaxLength)) return `must contain at most ${MaxLength} characters`;
  if (numeric && MinValue !== undefined && Number(value) < Number(MinValue)) return `must be a number not less than ${MinValue}`;
  if (numeric && MaxValue !== undefined && Number(value) > Number(MaxValue))
    return `must be a number not greater than ${MaxValue}`;
  return undefined;
}

function check(key: string, parameter: TemplateParameter, value: string): void {
  if (Buffer.byteLength(value) > MAX_BYTES)
    throw templateError(`Template format error: Parameter '${key}' value is longer than ${MAX_BYTES} bytes.`);
  const list = parameter.Type === 'CommaDelimitedList' || parameter.Type.startsWith('List<');
  const items = list ? value.split(',').map((item) => item.trim()) : [value];
  const item = parameter.Type === 'List<Number>' ? { ...parameter, Type: 'Number' } : parameter;
  const problem = items.map((text) => violation(item, text)).find((found) => found !== undefined);
  if (problem === undefined) return;
  const { ConstraintDescription } = parameter;
  throw templateError(
    `Parameter '${key}' ${ConstraintDescription === undefined ? problem : `failed to satisfy constraint: ${ConstraintDescription}`}`,
  );
}

/** Values of the template's parameters; SSM-typed ones are read now. Throws for missing, unknown and disallowed values. */
export async function parameterValues(
  cloud: Cloud,
  template: Template,
  given: readonly GivenParameter[],
  previous: readonly ParameterValue[],
  caller: Caller,
): Promise<ParameterValue[]> {
  const declared = template.Parameters ?? {};
  const unknown = given.filter(({ key }) => declared[key] === undefined).map(({ key }) => key);
  if (unknown.length > 0) throw templateError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const chosen = Object.entries(declared).map(([key, parameter]) => {
    const entry = given.find((candidate) => candidate.key === key);
    const value = entry?.usePrevious === true ? previous.find((candidate) => candidate.key === key)?.value : entry?.value;
    return { key, parameter, value: value ?? (parameter.Default === undefined ? undefined : String(parameter.Default)) };
  });
  const missing = chosen.filter(({ value }) => value === undefined).map(({ key }) => key);
  if (missing.length > 0) throw templateError(`Parameters: [${missing.join(', ')}] must have values`);
  const values: ParameterValue[] = [];
  for (const { key, parameter, value = '' } of chosen) {
    check(key, parameter, value);
    const noEcho = parameter.NoEcho === true || parameter.NoEcho === 'true' ? { noEcho: true } : {};
    const resolved = parameter.Type.startsWith('AWS::SSM::Parameter::Value')
      ? { resolved: await readParameter(cloud, value, caller) }
      : {};
    values.push({ key, value, ...resolved, ...noEcho });
  }
  return values;
}
