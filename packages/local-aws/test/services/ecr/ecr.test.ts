import { CreateRepositoryCommand, DeleteRepositoryCommand, DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { CloudBench, failure } from '../../support/cloud-bench';

let bench: CloudBench;

beforeAll(async () => {
  bench = await CloudBench.start();
});
afterAll(() => bench.stop());

test('a repository is made once, described and deleted', async () => {
  const client = await bench.client(ECRClient);
  const create = () => client.send(new CreateRepositoryCommand({ repositoryName: 'assets' }));
  const describe = () => client.send(new DescribeRepositoriesCommand({ repositoryNames: ['assets'] }));
  await create();

  expect((await describe()).repositories).toMatchObject([
    {
      repositoryArn: 'arn:aws:ecr:eu-west-1:000000000000:repository/assets',
      repositoryUri: '000000000000.dkr.ecr.eu-west-1.amazonaws.com/assets',
    },
  ]);
  expect(await failure(create())).toMatchObject({ name: 'RepositoryAlreadyExistsException' });
  await client.send(new DeleteRepositoryCommand({ repositoryName: 'assets' }));
  expect(await failure(describe())).toMatchObject({
    name: 'RepositoryNotFoundException',
    message: "The repository with name 'assets' does not exist in the registry with id '000000000000'",
  });
});
