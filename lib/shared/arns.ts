import { Aws, Fn } from 'aws-cdk-lib';

/**
 * ARN of a resource of the deployment's own account and region, from its name: no export ties two stacks together for it, so an element can
 * leave one of them without the other.
 */
export function arnOf(service: string, resource: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
}

/** Begin of the ARN of any role of the deployment's account. */
export function roleArnPrefix(): string {
  return `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/`;
}

/** ARN of a container repository of another account, in the deployment's region. */
export function repositoryArn(account: string, repository: string): string {
  return Fn.join('', ['arn:', Aws.PARTITION, ':ecr:', Aws.REGION, ':', account, `:repository/${repository}`]);
}

/** ARN of a policy that AWS manages, as cdk-nag writes it in the id of a finding. */
export function managedPolicyInFinding(name: string): string {
  return `arn:<AWS::Partition>:iam::aws:policy/${name}`;
}
