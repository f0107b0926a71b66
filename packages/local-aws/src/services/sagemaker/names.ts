import type { Cloud } from '../../cloud';
import { AwsError, validationError } from '../../errors';

const LABEL = '[a-zA-Z0-9](-*[a-zA-Z0-9])';
/** Names of jobs, model package groups and the like. */
export const NAME_63 = new RegExp(`^${LABEL}{0,62}$`);
export const NAME_256 = new RegExp(`^${LABEL}{0,255}$`);

export function arnOf(cloud: Pick<Cloud, 'region' | 'account'>, tail: string): string {
  return `arn:aws:sagemaker:${cloud.region}:${cloud.account}:${tail}`;
}

/** The name at the end of an ARN of `kind`, or the text itself. */
export function nameIn(kind: string, reference: string): string {
  const marker = `:${kind}/`;
  const at = reference.indexOf(marker);
  return at < 0 ? reference : reference.slice(at + marker.length);
}

/** The value if it is a name; else AWS's text for one that is not. */
export function requireName(value: string | undefined, member: string, pattern: RegExp = NAME_63): string {
  if (value !== undefined && pattern.test(value)) return value;
  const source = pattern.source.replace(/^\^|\$$/g, '');
  const reason =
    value === undefined
      ? `Value null at '${member}' failed to satisfy constraint: Member must not be null`
      : `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${source}`;
  throw validationError(`1 validation error detected: ${reason}`);
}

export function resourceNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFound', message, { status: 400, members: { Message: message } });
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, { status: 400, members: { Message: message } });
}

/** Refuses what the local AWS does not do: each entry is a member's path and whether it was given. */
export function refuse(operation: string, given: Readonly<Record<string, boolean>>): void {
  const names = Object.keys(given).filter((name) => given[name] === true);
  if (names.length > 0) throw validationError(`The local AWS does not support ${names.join(', ')} in ${operation}`);
}
