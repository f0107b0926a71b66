import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { build, type Plugin } from 'esbuild';

const ROOT = join(__dirname, '..', '..');

interface ServerFile {
  readonly pid: number;
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Files beside a source are found from one file, too. */
const FOLDERS: Plugin = {
  name: 'folders',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('__dirname', JSON.stringify(dirname(path))),
      loader: 'ts',
    })),
};

/** A local AWS in a process of its own, which can be killed and started again on the same state. */
export class KilledCloud {
  private server: ChildProcess | undefined;
  private options: object = {};
  private clients: { destroy(): void }[] = [];

  private constructor(
    readonly folder: string,
    private readonly program: string,
  ) {}

  static async start(): Promise<KilledCloud> {
    const folder = mkdtempSync(join(tmpdir(), 'killed-cloud-'));
    // One file starts three times as fast as the sources do.
    const program = join(ROOT, 'node_modules', '.cache', `killed-cloud-${process.pid}-${Date.now()}.js`);
    await build({
      entryPoints: [join(ROOT, 'src', 'main.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      packages: 'external',
      plugins: [FOLDERS],
      logLevel: 'error',
    });
    const cloud = new KilledCloud(folder, program);
    await cloud.run();
    return cloud;
  }

  get stateDir(): string {
    return join(this.folder, 'state');
  }

  get pid(): number {
    return this.server?.pid ?? 0;
  }

  async run(): Promise<void> {
    const state = this.stateDir;
    this.server = fork(this.program, ['--state', state, '--port', '0'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const message = await new Promise<unknown>((resolve) => this.server?.once('message', resolve));
    if (!(message as { ready?: boolean }).ready) throw new Error(`the local AWS did not start: ${JSON.stringify(message)}`);
    const { endpoint, region, credentials } = JSON.parse(readFileSync(join(state, 'server.json'), 'utf8')) as ServerFile;
    this.options = { endpoint, region, credentials, maxAttempts: 1, forcePathStyle: true };
  }

  async kill(): Promise<void> {
    for (const client of this.clients.splice(0)) client.destroy();
    const { server } = this;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.program, { force: true });
  }

  client<T extends { destroy(): void }>(Client: new (options: object) => T): T {
    const client = new Client(this.options);
    this.clients.push(client);
    return client;
  }

  get cloudFormation(): CloudFormationClient {
    return this.client(CloudFormationClient);
  }

  /** Makes a role that these services may assume and that is allowed everything; gives its ARN. */
  async role(RoleName: string, ...services: string[]): Promise<string> {
    const iam = this.client(IAMClient);
    const document = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const Principal = { Service: services.map((service) => `${service}.amazonaws.com`) };
    const AssumeRolePolicyDocument = document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    const PolicyDocument = document({ Effect: 'Allow', Action: '*', Resource: '*' });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'Rights', PolicyDocument }));
    return Role?.Arn ?? '';
  }

  /** Physical ids of everything there is, by type. */
  async inventory(): Promise<Record<string, string[]>> {
    const [tables, buckets, queues, roles, functions, apis] = await Promise.all([
      this.client(DynamoDBClient).send(new ListTablesCommand({})),
      this.client(S3Client).send(new ListBucketsCommand({})),
      this.client(SQSClient).send(new ListQueuesCommand({})),
      this.client(IAMClient).send(new ListRolesCommand({})),
      this.client(LambdaClient).send(new ListFunctionsCommand({})),
      this.client(APIGatewayClient).send(new GetRestApisCommand({})),
    ]);
    return {
      'AWS::DynamoDB::Table': tables.TableNames ?? [],
      'AWS::S3::Bucket': (buckets.Buckets ?? []).map(({ Name = '' }) => Name),
      'AWS::SQS::Queue': queues.QueueUrls ?? [],
      'AWS::IAM::Role': (roles.Roles ?? []).map(({ RoleName = '' }) => RoleName),
      'AWS::Lambda::Function': (functions.Functions ?? []).map(({ FunctionName = '' }) => FunctionName),
      'AWS::ApiGateway::RestApi': (apis.items ?? []).map(({ id = '' }) => id),
    };
  }
}
