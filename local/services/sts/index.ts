import type { AssumeRoleCommandInput, AssumeRoleCommandOutput, GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import type { Call, Service } from '../../cloud';
import { AwsError } from '../../errors';
import type { Identities } from '../../iam/identities';
import { roleName } from '../../iam/identities';

interface StsCloud {
  readonly identities: Identities;
  readonly clock: { now(): number };
  call<Output>(service: string, operation: string, input: object, caller: Call['caller']): Promise<Output>;
  asService(principal: string): Call['caller'];
}

const MIN_SECONDS = 900;
const MAX_SECONDS = 43_200;

export function sts(cloud: StsCloud): Service {
  async function assumeRole(input: AssumeRoleCommandInput, call: Call): Promise<AssumeRoleCommandOutput> {
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
      throw new AwsError('ValidationError', `The requested DurationSeconds exceeds the MaxSessionDuration set for this role.`);
    const role = await cloud
      .call<{ Role?: { RoleId?: string } }>('iam', 'GetRole', { RoleName: roleName(roleArn) }, call.caller)
      .catch(() => {
        throw new AwsError(
          'AccessDenied',
          `User: ${call.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
          { status: 403 },
        );
      });
    const credentials = await cloud.identities.assume(roleArn, session, seconds * 1000);
    return {
      Credentials: {
        AccessKeyId: credentials.accessKeyId,
        SecretAccessKey: credentials.secretAccessKey,
        SessionToken: credentials.sessionToken,
        Expiration: new Date(credentials.expires),
      },
      AssumedRoleUser: {
        AssumedRoleId: `${role.Role?.RoleId ?? ''}:${session}`,
        Arn: cloud.identities.asRole(roleArn, session).arn,
      },
      $metadata: {},
    };
  }

  function getCallerIdentity(_input: object, { caller }: Call): GetCallerIdentityCommandOutput {
    return { Account: caller.account, Arn: caller.arn, UserId: caller.accessKeyId ?? caller.account, $metadata: {} };
  }

  return {
    name: 'sts',
    signingNames: ['sts'],
    sdk: '@aws-sdk/client-sts',
    operations: { AssumeRole: assumeRole, GetCallerIdentity: getCallerIdentity },
  };
}
