import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Activity } from './clock/activity';
import type { Clock } from './clock/clock';
import type { Caller } from './iam/caller';
import type { Guard } from './iam/guards';
import type { Rights } from './iam/rights';
import type { Storage } from './storage/storage';

export { type Caller, forwarded } from './iam/caller';

/** What an operation knows of the call it serves, besides its input. */
export interface Call {
  readonly caller: Caller;
  readonly region: string;
  readonly requestId: string;
}

/** One AWS operation: input and output have the shapes of the AWS SDK's command (blobs are Uint8Array, timestamps are Date). */
// biome-ignore lint/suspicious/noExplicitAny: operations of all services share one registry; each is typed by its SDK command.
export type Operation = (input: any, call: Call) => unknown;
export type Operations = Readonly<Record<string, Operation>>;

/** Plain HTTP that is not an AWS API operation: REST API invocations, the Lambda Runtime API, OIDC endpoints. */
export interface HttpRoute {
  matches(request: IncomingMessage): boolean;
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
}

/** A service of the local AWS. */
export interface Service {
  /** Name used by `Cloud.call` and as the folder name, e.g. `kinesis`. */
  readonly name: string;
  /** Service names in SigV4 credential scopes that lead here; several services may share one (dynamodb and dynamodb-streams). */
  readonly signingNames: readonly string[];
  /** The AWS SDK package whose schemas describe the wire shapes. */
  readonly sdk: string;
  readonly operations: Operations;
  /** The rights that each of the operations asks for. */
  readonly rights: Rights;
  /** What guards this service's resources: their own policies. A service without it has resources that carry none. */
  readonly guard?: Guard;
  readonly resources?: readonly ResourceType[];
  readonly routes?: readonly HttpRoute[];
  /** Called once after all services exist: arm timers and resume interrupted work from the stored state. */
  start?(): void | Promise<void>;
  stop?(): void | Promise<void>;
  /** Processes that work for calls of this service, which a fault may end. */
  readonly processes?: Processes;
}

export interface Processes {
  /** Operation whose calls the processes work for. */
  readonly operation: string;
  /** Ends the process that works for a resource at this moment; false if there is none. */
  kill(resource: string): boolean;
}

export type ServiceFactory = (cloud: Cloud) => Service;

/** The whole local AWS as a service sees it. */
export interface Cloud {
  readonly account: string;
  readonly region: string;
  /** `http://127.0.0.1:<port>`; known from `start()` on. */
  readonly endpoint: string;
  /** Folder for files (S3 objects, job work folders, logs). */
  readonly stateDir: string;
  /** Python interpreter that stands for the containers of jobs and model servers. */
  readonly python: string;
  readonly clock: Clock;
  readonly storage: Storage;
  readonly activity: Activity;
  /** Calls an operation of any service as `caller`, through authorization, faults and recording, without the wire. */
  call<Output = unknown>(service: string, operation: string, input: object, caller: Caller): Promise<Output>;
  /**
   * Temporary credentials for a role, as STS would give them to a service for `session` (Lambda environments, jobs, model servers).
   * Rejects with `AccessDenied` unless the role's trust policy admits the service.
   */
  sessionFor(roleArn: string, session: string, service: string): Promise<SessionCredentials>;
  /** Whether the trust policy of a role (that there is) admits a service (`lambda`). */
  canAssume(roleArn: string, service: string): boolean;
  /** A service (`firehose`) that acts in a role for one of its resources; the role's trust policy must admit it. */
  asRole(roleArn: string, session: string, service: string, sourceArn?: string): Caller;
  /** A service principal such as `events.amazonaws.com`, acting for the resource `sourceArn`. */
  asService(principal: string, sourceArn?: string): Caller;
  log(service: string, message: string): void;
}

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

// biome-ignore lint/suspicious/noExplicitAny: property shapes are those of each CloudFormation type, checked against AWS's resource schema before a handler sees them.
export type ResourceProperties = any;

export interface ResourceOutcome {
  /** Physical id, which is also the `Ref` value unless `ref` is given. */
  readonly id: string;
  readonly ref?: string;
  /** `Fn::GetAtt` values by attribute name (nested names with dots). */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** The attributes are secrets, to be masked where a stack shows properties that hold them. */
  readonly noEcho?: boolean;
}

/** What a resource handler gets besides its properties; `call` acts in the role of the deployment. */
export interface ResourceContext {
  readonly logicalId: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly account: string;
  readonly region: string;
  /** Stack tags and resource tags as `{Key, Value}`. */
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  call<Output = unknown>(service: string, operation: string, input: object): Promise<Output>;
  /** Physical name `<stack>-<logicalId>-<random>`, cut to `max`, stable across a retry of the same creation. */
  generateName(max: number, lowerCase?: boolean): string;
}

/** Handler of one CloudFormation type. It speaks to the service's public operations only. */
export interface ResourceType {
  readonly type: string;
  /** Property names (top level) whose meaning the local AWS enforces. */
  readonly enforced: readonly string[];
  /** Property names that are kept and shown but have no effect here, each with the reason. */
  readonly stored: Readonly<Record<string, string>>;
  create(properties: ResourceProperties, context: ResourceContext): Promise<ResourceOutcome>;
  /** In-place update; a type without it is replaced on any change. Create-only properties never get here. */
  update?(
    id: string,
    properties: ResourceProperties,
    previous: ResourceProperties,
    context: ResourceContext,
  ): Promise<ResourceOutcome>;
  /** Must succeed if the resource is already gone. */
  delete(id: string, properties: ResourceProperties, context: ResourceContext): Promise<void>;
}
