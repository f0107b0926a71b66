import { Aws } from 'aws-cdk-lib';

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
