import { AwsError } from '../../errors';
import type { Template } from './template';

const IAM_TYPES = ['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::User', 'AWS::IAM::Group'];
const NAMES = ['RoleName', 'ManagedPolicyName', 'UserName', 'GroupName'];

/** The acknowledgement that a template with IAM resources asks of its deployer, and the types that ask for it. */
export function neededCapability(
  template: Template,
): { readonly capability: 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM'; readonly types: readonly string[] } | undefined {
  const iam = Object.values(template.Resources).filter(({ Type }) => IAM_TYPES.includes(Type));
  if (iam.length === 0) return undefined;
  const named = iam.some(({ Properties }) => NAMES.some((name) => Properties?.[name] !== undefined));
  const types = [...new Set(iam.map(({ Type }) => Type))];
  return { capability: named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM', types };
}

/** Throws `InsufficientCapabilitiesException` unless what a template needs was given. */
export function checkCapabilities(template: Template, given: readonly string[]): void {
  const needed = neededCapability(template);
  if (needed === undefined || given.includes('CAPABILITY_NAMED_IAM') || given.includes(needed.capability)) return;
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${needed.capability}]`);
}
