import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Activity } from './clock/activity';
import { Clock, type ClockState } from './clock/clock';
import type { Caller, Cloud, HttpRoute, Service, SessionCredentials } from './cloud';
import { Control } from './control';
import { AwsError } from './errors';
import { Faults } from './faults/faults';
import { IssuerFault } from './faults/issuer-fault';
import { Authorizer } from './iam/authorizer';
import { Identities } from './iam/identities';
import { refusalOf } from './iam/refusals';
import { createServices } from './services';
import { Storage } from './storage/storage';
import { Chain } from './wire/chain';
import { connectionLimit, limitConnections } from './wire/connection-limit';
import { acceptHttp2 } from './wire/http2';

export interface LocalCloudOptions {
  /** Folder that holds the whole state; made if absent. */
  readonly stateDir: string;
  /** @default 0, a free port */
  readonly port?: number;
  /** Simulated epoch ms at the very first start. @default - the wall clock's */
  readonly startAt?: number;
  /** @default '000000000000' */
  readonly account?: string;
  /** @default 'eu-west-1' */
  readonly region?: string;
  /**
   * Python interpreter that runs jobs and model servers.
   *
   * @default 'python3'
   */
  readonly python?: string;
  readonly log?: (line: string) => void;
}

const DEFAULTS = { port: 0, account: '000000000000', region: 'eu-west-1', python: 'python3' } as const;

/** The local AWS: its services behind one loopback port, on one clock and one store. */
export class LocalCloud implements Cloud {
  readonly account: string;
  readonly region: string;
  readonly stateDir: string;
  readonly python: string;
  readonly storage: Storage;
  readonly activity = new Activity();
  readonly clock: Clock;
  readonly identities: Identities;
  readonly authorizer: Authorizer;
  readonly services: readonly Service[];
  readonly faults: Faults;
  /** Secret of this server's control endpoint. */
  readonly controlToken: string = randomBytes(16).toString('hex');
  private readonly byName: ReadonlyMap<string, Service>;
  private readonly routes: readonly HttpRoute[];
  private readonly server: Server;
  private readonly closeHttp2: () => void;
  private readonly chain: Chain;
  private readonly write: (line: string) => void;

  private constructor(private readonly options: LocalCloudOptions) {
    this.account = options.account ?? DEFAULTS.account;
    this.region = options.region ?? DEFAULTS.region;
    this.stateDir = options.stateDir;
    this.python = options.python ?? DEFAULTS.python;
    this.write = options.log ?? (() => undefined);
    this.storage = new Storage(options.stateDir);
    this.clock = this.openClock();
    this.identities = new Identities(this.storage, this.account, this.clock);
    this.authorizer = new Authorizer({
      storage: this.storage,
      account: this.account,
      region: this.region,
      clock: this.clock,
      guardOf: (service) => this.byName.get(service)?.guard,
    });
    this.services = createServices(this);
    this.byName = new Map(this.services.map((service) => [service.name, service]));
    this.faults = new Faults(this);
    this.routes = [new Control(this), new IssuerFault(this.faults), ...this.services.flatMap((service) => service.routes ?? [])];
    this.chain = new Chain({
      services: this.services,
      identities: this.identities,
      invoke: (service, operation, input, caller, requestId) => this.invoke(service, operation, input, caller, requestId),
      log: (message) => this.log('wire', message),
    });
    this.server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => this.handle(request, response));
    this.closeHttp2 = acceptHttp2(this.server, (request, response) => this.handle(request, response));
    limitConnections(this.server, connectionLimit(), (message) => this.log('wire', message));
  }

  /** Opens the state, binds the port and resumes what was under way. Throws if the port is taken or the state is unreadable. */
  static async start(options: LocalCloudOptions): Promise<LocalCloud> {
    const cloud = new LocalCloud(options);
    await new Promise<void>((resolve, reject) => {
      cloud.server.once('error', reject);
      cloud.server.listen(options.port ?? DEFAULTS.port, '127.0.0.1', resolve);
    });
    for (const service of cloud.services) await service.start?.();
    return cloud;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async call<Output = unknown>(service: string, operation: string, input: object, caller: Caller): Promise<Output> {
    return (await this.invoke(service, operation, input, caller, randomUUID())) as Output;
  }

  async sessionFor(roleArn: string, session: string, service: string): Promise<SessionCredentials> {
    this.authorizer.checkAssume(roleArn, this.asService(`${service}.amazonaws.com`));
    return this.identities.session(roleArn, session);
  }

  canAssume(roleArn: string, service: string): boolean {
    return this.authorizer.admits(roleArn, this.asService(`${service}.amazonaws.com`));
  }

  asRole(roleArn: string, session: string, service: string, sourceArn?: string): Caller {
    const assumedBy = { service: `${service}.amazonaws.com`, ...(sourceArn === undefined ? {} : { sourceArn }) };
    return { ...this.identities.asRole(roleArn, session), assumedBy };
  }

  asService(principal: string, sourceArn?: string): Caller {
    return this.identities.asService(principal, sourceArn);
  }

  log(service: string, message: string): void {
    this.write(`${new Date().toISOString()} ${service}: ${message}`);
  }

  async stop(): Promise<void> {
    // What calls the others stops first.
    for (const service of this.services.toReversed()) await service.stop?.();
    this.clock.stop();
    this.closeHttp2();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.storage.close();
  }

  private openClock(): Clock {
    const table = this.storage.table<ClockState>('clock/state');
    const stored = table.get('clock');
    const simulated =
      stored === undefined
        ? (this.options.startAt ?? Date.now())
        : stored.simulated + (stored.paused ? 0 : Math.max(0, Date.now() - stored.wall));
    const state = { wall: Date.now(), simulated, paused: stored?.paused ?? false };
    const keep = (next: ClockState): void => void table.put('clock', next);
    keep(state);
    return new Clock(state, this.activity, keep);
  }

  private async invoke(service: string, operation: string, input: object, caller: Caller, requestId: string): Promise<unknown> {
    const target = this.byName.get(service);
    const run = target?.operations[operation];
    if (run === undefined) {
      throw new AwsError(
        'UnknownOperationException',
        `The local AWS does not support ${service}:${operation}. docs/fidelity.md lists what it does.`,
        { status: 400 },
      );
    }
    const rights = target?.rights[operation];
    if (target === undefined || rights === undefined)
      throw new Error(`${service}:${operation} does not say which rights it asks for`);
    const { account, region } = this;
    this.authorizer.check(caller, rights(input, { account, region, caller }), refusalOf(target));
    return this.faults.apply(service, operation, input, (given) => run(given, { caller, region, requestId }));
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const route = this.routes.find((candidate) => candidate.matches(request));
    const work = route === undefined ? this.chain.handle(request, response) : Promise.resolve(route.handle(request, response));
    work.catch((error: unknown) => {
      this.log('wire', error instanceof Error ? (error.stack ?? error.message) : String(error));
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: 'the local AWS failed on this request' }));
    });
  }
}
