import type * as Sdk from '@aws-sdk/client-ecr';
import type { ResourceType, ServiceFactory } from '../../cloud';
import { AwsError } from '../../errors';
import { ecrRights } from './authorization';

const SCAN = 'no image is ever pushed here, so there is nothing to scan, expire or guard';

const repository: ResourceType = {
  type: 'AWS::ECR::Repository',
  enforced: ['RepositoryName'],
  stored: {
    ImageTagMutability: SCAN,
    LifecyclePolicy: SCAN,
    RepositoryPolicyText: SCAN,
    ImageScanningConfiguration: SCAN,
    EncryptionConfiguration: SCAN,
    Tags: SCAN,
  },
  async create(properties, context) {
    const name: string = properties.RepositoryName ?? context.generateName(256, true);
    const { repository: made } = await context.call<{ repository: { repositoryArn: string; repositoryUri: string } }>(
      'ecr',
      'CreateRepository',
      { repositoryName: name },
    );
    return { id: name, attributes: { Arn: made.repositoryArn, RepositoryUri: made.repositoryUri } };
  },
  async update(id, _properties, _previous, context) {
    const { repositories } = await context.call<{ repositories: { repositoryArn: string; repositoryUri: string }[] }>(
      'ecr',
      'DescribeRepositories',
      { repositoryNames: [id] },
    );
    return { id, attributes: { Arn: repositories[0]?.repositoryArn, RepositoryUri: repositories[0]?.repositoryUri } };
  },
  async delete(id, _properties, context) {
    await context.call('ecr', 'DeleteRepository', { repositoryName: id }).catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== 'RepositoryNotFoundException') throw error;
    });
  },
};

/** Repositories as CDK's bootstrap makes them. Pushing images is refused: framework images are processes here, not containers. */
export const ecr: ServiceFactory = (cloud) => {
  const repositories = cloud.storage.table<{ name: string; created: number }>('ecr/repositories');
  const describe = (record: { name: string; created: number }): Sdk.Repository => ({
    repositoryName: record.name,
    registryId: cloud.account,
    repositoryArn: `arn:aws:ecr:${cloud.region}:${cloud.account}:repository/${record.name}`,
    repositoryUri: `${cloud.account}.dkr.ecr.${cloud.region}.amazonaws.com/${record.name}`,
    createdAt: new Date(record.created),
  });
  const find = (name: string): Sdk.Repository => {
    const record = repositories.get(name);
    if (record === undefined)
      throw new AwsError(
        'RepositoryNotFoundException',
        `The repository with name '${name}' does not exist in the registry with id '${cloud.account}'`,
      );
    return describe(record);
  };
  return {
    name: 'ecr',
    signingNames: ['ecr'],
    sdk: '@aws-sdk/client-ecr',
    rights: ecrRights,
    resources: [repository],
    operations: {
      CreateRepository: async (input: Sdk.CreateRepositoryCommandInput) => {
        const name = input.repositoryName ?? '';
        if (repositories.get(name) !== undefined)
          throw new AwsError(
            'RepositoryAlreadyExistsException',
            `The repository with name '${name}' already exists in the registry with id '${cloud.account}'`,
          );
        await repositories.put(name, { name, created: cloud.clock.now() });
        return { repository: find(name) };
      },
      DescribeRepositories: (input: Sdk.DescribeRepositoriesCommandInput) => ({
        repositories: input.repositoryNames?.map(find) ?? [...repositories.entries()].map(({ value }) => describe(value)),
      }),
      DeleteRepository: async (input: Sdk.DeleteRepositoryCommandInput) => {
        const repository = find(input.repositoryName ?? '');
        await repositories.remove(input.repositoryName ?? '');
        return { repository };
      },
    },
  };
};
