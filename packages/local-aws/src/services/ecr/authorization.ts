import { actionsOn, arnOf, type Input, type Rights } from '../../iam/rights';

/** Rights of ECR's operations. Source: Service Authorization Reference, "Amazon Elastic Container Registry". */
export const ecrRights: Rights = actionsOn('ecr', [
  [
    'CreateRepository DeleteRepository',
    ({ repositoryName }: Input, scope) => arnOf('ecr', scope, `repository/${repositoryName ?? ''}`),
  ],
  [
    'DescribeRepositories',
    ({ repositoryNames }: Input, scope) =>
      ((repositoryNames ?? ['*']) as string[]).map((name) => arnOf('ecr', scope, `repository/${name}`)),
  ],
]);
