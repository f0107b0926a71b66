import type { ParameterValue, ResourceRecord } from './records';

const MASK = '****';

/** Values that are not to be shown: those of NoEcho parameters, and what custom resources answered with NoEcho. */
export function secretsOf(parameters: readonly ParameterValue[], resources: readonly ResourceRecord[]): string[] {
  const given = parameters.filter(({ noEcho }) => noEcho === true).map(({ value }) => value);
  const answered = resources.filter(({ noEcho }) => noEcho === true).flatMap(({ attributes }) => Object.values(attributes));
  return [...given, ...answered.filter((value) => typeof value === 'string')].filter((value) => value !== '');
}

/** JSON text in which `secrets` are asterisks. */
export function masked(json: string, secrets: readonly string[]): string {
  return secrets.reduce((text, secret) => text.replaceAll(JSON.stringify(secret).slice(1, -1), MASK), json);
}

/** Parameters as DescribeStacks and DescribeChangeSet show them. */
export function shownParameters(values: readonly ParameterValue[]): object[] {
  return values.map(({ key, value, resolved, noEcho }) => ({
    ParameterKey: key,
    ParameterValue: noEcho === true ? MASK : value,
    ...(resolved === undefined ? {} : { ResolvedValue: noEcho === true ? MASK : resolved }),
  }));
}
