import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Activity } from '../../src/clock/activity';
import { Clock } from '../../src/clock/clock';
import type { Caller, Cloud, Operation, Operations, ResourceContext, Service, ServiceFactory } from '../../src/cloud';
import { Storage } from '../../src/storage/storage';

export interface FakeCloudOptions {
  readonly services?: readonly ServiceFactory[];
  /** Operations of services that are not under test, by service name. */
  readonly stubs?: Readonly<Record<string, Operations>>;
  readonly startAt?: number;
  readonly paused?: boolean;
  /** State folder of an earlier cloud. */
  readonly stateDir?: string;
}

/** A cloud with a real clock and store, the services under test, and stubs for the rest. */
export class FakeCloud implements Cloud {
  readonly account = '000000000000';
  readonly region = 'eu-west-1';
  readonly stateDir: string;
  readonly python = 'python3';
  readonly storage: Storage;
  readonly activity = new Activity();
  readonly clock: Clock;
  readonly lines: string[] = [];
  readonly calls: { service: string; operation: string; input: unknown; caller: Caller }[] = [];
  private readonly server: Server;
  private readonly services: readonly Service[];

  private constructor(private readonly options: FakeCloudOptions) {
    this.stateDir = options.stateDir ?? mkdtempSync(join(tmpdir(), 'fake-cloud-'));
    this.storage = new Storage(this.stateDir);
    const state = { wall: Date.now(), simulated: options.startAt ?? Date.now(), paused: options.paused ?? false };
    this.clock = new Clock(state, this.activity, () => undefined);
    this.services = (options.services ?? []).map((factory) => factory(this));
    const routes = this.services.flatMap((service) => service.routes ?? []);
    this.server = createServer((request, response) => {
      const route = routes.find((candidate) => candidate.matches(request));
      if (route === undefined) response.writeHead(404).end();
      else void route.handle(request, response);
    });
  }

  static async start(options: FakeCloudOptions = {}): Promise<FakeCloud> {
    const cloud = new FakeCloud(options);
    await new Promise<void>((resolve) => cloud.server.listen(0, '127.0.0.1', resolve));
    for (const service of cloud.services) await service.start?.();
    return cloud;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async call<Output = unknown>(service: string, operation: string, input: object, caller: Caller = this.root): Promise<Output> {
    if (this.calls.length < 10_000) this.calls.push({ service, operation, input, caller });
    const run: Operation | undefined =
      this.services.find(({ name }) => name === service)?.operations[operation] ?? this.options.stubs?.[service]?.[operation];
    if (run === undefined) throw new Error(`no ${service}:${operation}`);
    return (await run(input, { caller, region: this.region, requestId: randomUUID() })) as Output;
  }

  readonly root: Caller = { kind: 'root', arn: 'arn:aws:iam::000000000000:root', account: '000000000000' };

  async sessionFor(): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string }> {
    return { accessKeyId: 'ASIATEST', secretAccessKey: 'secret', sessionToken: 'token' };
  }

  canAssume(): boolean {
    return true;
  }

  asRole(roleArn: string, session: string): Caller {
    return {
      kind: 'assumed-role',
      arn: `arn:aws:sts::${this.account}:assumed-role/${roleArn.split('/').at(-1)}/${session}`,
      account: this.account,
      roleArn,
    };
  }

  asService(principal: string): Caller {
    return { kind: 'service', arn: principal, account: this.account };
  }

  log(service: string, message: string): void {
    this.lines.push(`${service}: ${message}`);
  }

  /** A deployment's context for resource handlers, acting as root. */
  context(logicalId = 'Thing'): ResourceContext {
    return {
      logicalId,
      stackName: 'stack',
      stackId: 'arn:aws:cloudformation:eu-west-1:000000000000:stack/stack/1',
      account: this.account,
      region: this.region,
      tags: [],
      call: (service, operation, input) => this.call(service, operation, input),
      generateName: (max, lower) => {
        const name = `stack-${logicalId}-ABC123`.slice(0, max);
        return lower === true ? name.toLowerCase() : name;
      },
    };
  }

  async stop(keepState = false): Promise<void> {
    for (const service of this.services) await service.stop?.();
    this.clock.stop();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.activity.idle();
    await this.storage.close();
    if (!keepState) rmSync(this.stateDir, { recursive: true, force: true });
  }
}

/** CloudWatch Logs that keeps messages by group. */
export function logStub(): { readonly operations: Operations; readonly messages: string[] } {
  const messages: string[] = [];
  return {
    messages,
    operations: {
      CreateLogGroup: () => ({}),
      CreateLogStream: () => ({}),
      PutLogEvents: (input: { logEvents: { message: string }[] }) => {
        messages.push(...input.logEvents.map((event) => event.message));
        return {};
      },
    },
  };
}
