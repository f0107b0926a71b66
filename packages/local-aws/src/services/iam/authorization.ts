import type { IamStore } from '../../iam/entities';
import { ANY, actionsOn, type Input, type Rights, type RightsOf, type Scope } from '../../iam/rights';

/** Rights of IAM's operations. Source: Service Authorization Reference, "AWS Identity and Access Management (IAM)". */
export function iamRights(store: IamStore): Rights {
  const roleArn = ({ RoleName, Path }: Input, { account }: Scope): string =>
    store.roles.get(RoleName ?? '')?.arn ?? `arn:aws:iam::${account}:role${Path ?? '/'}${RoleName ?? ''}`;
  const onRole =
    (action: string, context: (input: Input) => Record<string, string>): RightsOf =>
    (input, scope) => [{ action: `iam:${action}`, resource: roleArn(input, scope), context: context(input) }];
  const bounded = ({ PermissionsBoundary }: Input): Record<string, string> =>
    PermissionsBoundary === undefined ? {} : { 'iam:PermissionsBoundary': PermissionsBoundary };
  const attached = ({ PolicyArn }: Input) => ({ 'iam:PolicyARN': String(PolicyArn ?? '') });
  return {
    ...actionsOn('iam', [
      [
        `GetRole UpdateRole UpdateAssumeRolePolicy TagRole DeleteRole PutRolePolicy GetRolePolicy ListRolePolicies DeleteRolePolicy
         ListAttachedRolePolicies DeleteRolePermissionsBoundary`,
        roleArn,
      ],
      ['GetPolicy GetPolicyVersion CreatePolicyVersion DeletePolicy', ({ PolicyArn }: Input) => PolicyArn ?? '*'],
      [
        'CreatePolicy',
        ({ PolicyName, Path }: Input, { account }) => `arn:aws:iam::${account}:policy${Path ?? '/'}${PolicyName ?? ''}`,
      ],
      ['ListRoles', ANY],
    ]),
    CreateRole: onRole('CreateRole', bounded),
    PutRolePermissionsBoundary: onRole('PutRolePermissionsBoundary', bounded),
    AttachRolePolicy: onRole('AttachRolePolicy', attached),
    DetachRolePolicy: onRole('DetachRolePolicy', attached),
  };
}
