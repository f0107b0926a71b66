import type { LocalCloud } from '../../src/server';

export type Statement = Readonly<Record<string, unknown>>;

const EVERYTHING: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };

/** Makes a role that these services (`lambda`) may assume, allowed everything unless statements are given; gives its ARN. */
export async function makeRole(
  cloud: LocalCloud,
  RoleName: string,
  services: readonly string[],
  statements: readonly Statement[] = [EVERYTHING],
): Promise<string> {
  const Principal = { Service: services.map((service) => `${service}.amazonaws.com`) };
  const policy = (Statement: readonly Statement[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
  const call = <T>(operation: string, input: object): Promise<T> =>
    cloud.call<T>('iam', operation, input, cloud.asService('test.amazonaws.com'));
  const AssumeRolePolicyDocument = policy([{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }]);
  const { Role } = await call<{ Role: { Arn: string } }>('CreateRole', { RoleName, AssumeRolePolicyDocument });
  if (statements.length > 0) await call('PutRolePolicy', { RoleName, PolicyName: 'Rights', PolicyDocument: policy(statements) });
  return Role.Arn;
}

/** Properties of an `AWS::IAM::Role` that these services may assume and that is allowed everything. */
export function roleProperties(...services: readonly string[]): object {
  const Principal = { Service: services.map((service) => `${service}.amazonaws.com`) };
  const AssumeRolePolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
  };
  const PolicyDocument = { Version: '2012-10-17', Statement: [EVERYTHING] };
  return { AssumeRolePolicyDocument, Policies: [{ PolicyName: 'Rights', PolicyDocument }] };
}
