import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeStackEventsCommand,
  ExecuteChangeSetCommand,
  waitUntilChangeSetCreateComplete,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Load, LoadResult } from './load-client';
import { localApiTemplate, STACK, TABLE } from './local-api-template';
import { ServerProcess } from './server-process';

interface Message {
  readonly result?: LoadResult;
  readonly error?: string;
}

/** A local AWS with a small REST API, loaded by a client in a process of its own. */
export class LocalApi {
  private constructor(
    private readonly server: ServerProcess,
    private readonly api: string,
    private readonly client: ChildProcess,
  ) {}

  /** A fresh server with the API, for the time of `work`. */
  static async use<T>(work: (api: LocalApi) => Promise<T>): Promise<T> {
    const client = fork(join(__dirname, 'load-client.ts'), [], { execArgv: ['--import', 'tsx'] });
    const server = await ServerProcess.start();
    try {
      return await work(new LocalApi(server, await deploy(server), client));
    } finally {
      client.kill();
      await server.stop();
    }
  }

  load(path: string, connections: number, requests: number): Promise<LoadResult> {
    const { port } = this.server.description;
    const text = [
      `GET /restapis/${this.api}/v1/_user_request_${path} HTTP/1.1`,
      `host: 127.0.0.1:${port}`,
      'authorization: Bearer bench',
      'user-agent: bench',
      '\r\n',
    ].join('\r\n');
    const load: Load = { port, text, connections, requests };
    return new Promise((resolve, reject) => {
      this.client.once('message', ({ result, error }: Message) =>
        result === undefined ? reject(new Error(error)) : resolve(result),
      );
      this.client.send(load);
    });
  }

  /** Resident size of the server in MB. */
  async residentMb(): Promise<number> {
    return (await this.server.residentBytes()) / 1024 / 1024;
  }
}

async function deploy(server: ServerProcess): Promise<string> {
  const client = new CloudFormationClient(server.clientOptions);
  const wait = { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  const set = { StackName: STACK, ChangeSetName: 'create' };
  try {
    await client.send(
      new CreateChangeSetCommand({
        ...set,
        ChangeSetType: 'CREATE',
        TemplateBody: JSON.stringify(localApiTemplate()),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }),
    );
    await waitUntilChangeSetCreateComplete(wait, set);
    await client.send(new ExecuteChangeSetCommand(set));
    const { reason } = await waitUntilStackCreateComplete(wait, { StackName: STACK });
    const dynamodb = new DynamoDBClient(server.clientOptions);
    await dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: { id: { S: 'a' }, text: { S: 'x'.repeat(200) } } }));
    dynamodb.destroy();
    return (reason as { Stacks: { Outputs: { OutputValue: string }[] }[] }).Stacks[0]?.Outputs[0]?.OutputValue ?? '';
  } catch (error) {
    const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: STACK }));
    const failed = StackEvents.map(
      ({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`,
    );
    throw new Error(`the bench's stack failed: ${failed.join('; ')}`, { cause: error });
  } finally {
    client.destroy();
  }
}
