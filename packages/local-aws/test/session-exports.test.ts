import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { ServerDescription } from '../src/server-file';
import { sessionExports } from '../src/session-exports';
import { CloudBench } from './support/cloud-bench';
import { makeRole } from './support/role';

let bench: CloudBench;
let server: ServerDescription;

beforeAll(async () => {
  bench = await CloudBench.start();
  const { port, endpoint, account, region, controlToken } = bench.cloud;
  const credentials = await bench.cloud.identities.administrator();
  server = { pid: process.pid, port, endpoint, account, region, controlToken, credentials };
});
afterAll(() => bench.stop());

const read = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));

async function callerOf(variables: Record<string, string>): Promise<string | undefined> {
  const sts = new STSClient({
    endpoint: variables.AWS_ENDPOINT_URL ?? '',
    region: variables.AWS_REGION ?? '',
    credentials: {
      accessKeyId: variables.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: variables.AWS_SESSION_TOKEN ?? '',
    },
  });
  const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
  sts.destroy();
  return Arn;
}

test('the exports are all that an AWS client needs, as an administrator', async () => {
  const variables = read(await sessionExports(server, undefined));

  expect(variables.AWS_DEFAULT_REGION).toBe('eu-west-1');
  expect(variables.AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION).toBe(bench.cloud.endpoint);
  expect(await callerOf(variables)).toMatch(/^arn:aws:(iam|sts)::000000000000:/);
});

test('a role is acted in by its name, whoever may assume it', async () => {
  await makeRole(bench.cloud, 'reader', ['lambda']);

  const variables = read(await sessionExports(server, 'reader'));

  expect(await callerOf(variables)).toMatch(/^arn:aws:sts::000000000000:assumed-role\/reader\//);
});

test('a role that is not there is refused by its name', async () => {
  await expect(sessionExports(server, 'nobody')).rejects.toThrow('there is no role nobody');
});
