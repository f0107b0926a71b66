import type { Role } from '@aws-sdk/client-iam';
import type { AssumeRoleCommandInput, AssumeRoleCommandOutput, GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import type { Call, Service } from '../../cloud';
import { AwsError } from '../../errors';
import type { Authorizer } from '../../iam/authorizer';
import type { Identities } from '../../iam/identities';
import { roleName } from '../../iam/identities';
import { MalformedPolicy, parsePolicy } from '../../iam/policy/document';
import { stsRights } from './authorization';

interface StsCloud {
  readonly identities: Identities;
  readonly authorizer: Authorizer;
  readonly clock: { now(): number };
  call<Output>(service: string, operation: string, input: object, caller: Call['caller']): Promise<Output>;
}

const MIN_SECONDS = 900;
const MAX_SECONDS = 43_200;

const CHAINED_SECONDS = 3600;
const MAX_SESSION_POLICY = 2048;

function checkSessionPolicy(text: string): void {
  if (text.length > MAX_SESSION_POLICY)
    throw new AwsError('PackedPolicyTooLargeException', `The session policy is longer than ${MAX_SESSION_POLICY} characters.`);
  try {
    parsePolicy(text);
  } catch (error) {
    if (!(error instanceof MalformedPolicy)) throw error;
    throw new AwsError('MalformedPolicyDocumentException', error.message);
  }
}

/** What the operations share. */
function stsScope(cloud: StsCloud) {
  const roleOf = async (roleArn: string): Promise<Role> => {
    const input = { RoleName: roleName(roleArn) };
    const { Role } = await cloud.call<{ Role: Role }>('iam', 'GetRole', input, cloud.identities.asService('sts.amazonaws.com'));
    return Role;
  };
  return { cloud, roleOf };
}
type StsScope = ReturnType<typeof stsScope>;

async function assumeRole(
  { cloud, roleOf }: StsScope,
  input: AssumeRoleCommandInput,
  call: Call,
): Promise<AssumeRoleCommandOutput> {
  const roleArn = input.RoleArn ?? '';
  const session = input.RoleSessionName ?? '';
  if (!/^[\w+=,.@-]{2,64}$/.test(session)) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  }
  const seconds = input.DurationSeconds ?? 3600;
  if (seconds < MIN_SECONDS || seconds > MAX_SECONDS)
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${seconds < MIN_SECONDS ? `greater than or equal to ${MIN_SECONDS}` : `less than or equal to ${MAX_SECONDS}`}`,
    );
  if ((input.PolicyArns ?? []).length > 0)
    throw new AwsError('ValidationError', 'The local AWS takes session policies in Policy only, not in PolicyArns.');
  cloud.authorizer.checkAssume(roleArn, call.caller);
  const { MaxSessionDuration, RoleId } = await roleOf(roleArn);
  // A session that starts another ends after an hour at most.
  const longest = call.caller.kind === 'assumed-role' ? CHAINED_SECONDS : (MaxSessionDuration ?? CHAINED_SECONDS);
  if (seconds > longest)
    throw new AwsError(
      'ValidationError',
      call.caller.kind === 'assumed-role'
        ? `The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining`
        : `The requested DurationSeconds exceeds the MaxSessionDuration set for this role.`,
    );
  if (input.Policy !== undefined) checkSessionPolicy(input.Policy);
  const credentials = await cloud.identities.assume(roleArn, session, seconds * 1000, input.Policy);
  return {
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: new Date(credentials.expires),
    },
    AssumedRoleUser: {
      AssumedRoleId: `${RoleId ?? ''}:${session}`,
      Arn: cloud.identities.asRole(roleArn, session).arn,
    },
    $metadata: {},
  };
}

function getCallerIdentity(_input: object, { caller }: Call): GetCallerIdentityCommandOutput {
  return { Account: caller.account, Arn: caller.arn, UserId: caller.accessKeyId ?? caller.account, $metadata: {} };
}

export function sts(cloud: StsCloud): Service {
  const scope = stsScope(cloud);
  return {
    name: 'sts',
    signingNames: ['sts'],
    sdk: '@aws-sdk/client-sts',
    rights: stsRights,
    operations: {
      AssumeRole: (input: AssumeRoleCommandInput, call: Call) => assumeRole(scope, input, call),
      GetCallerIdentity: getCallerIdentity,
    },
  };
}
