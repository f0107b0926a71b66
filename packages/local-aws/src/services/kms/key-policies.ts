import type { Cloud } from '../../cloud';

/** The policy of a key that is made without one: the account's policies decide. */
export function defaultPolicy(account: string): string {
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  const statement = { Sid: 'Enable IAM User Permissions', Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' };
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [statement] });
}

/** What AWS writes into the policies of its own keys: everybody in the account, through the service that the key is for. */
export function managedKeyPolicy(service: string, { account, region }: Pick<Cloud, 'account' | 'region'>): string {
  const Action = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:CreateGrant', 'kms:DescribeKey'];
  const StringEquals = { 'kms:CallerAccount': account, 'kms:ViaService': `${service}.${region}.amazonaws.com` };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: '*' }, Action, Resource: '*', Condition: { StringEquals } },
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*'],
        Resource: '*',
      },
    ],
  });
}
