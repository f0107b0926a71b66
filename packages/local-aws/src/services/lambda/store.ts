import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Guarded } from '../../iam/guards';
import type { Table } from '../../storage/storage';
import { Watch } from '../../storage/watch';

/** Code of a version: an archive that is unpacked under the state folder. */
export interface CodeRecord {
  readonly sha256: string;
  readonly size: number;
}

/** A statement of a function's resource policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*' | { readonly Service: string } | { readonly AWS: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Configuration {
  readonly description: string;
  readonly runtime: string;
  readonly handler: string;
  readonly role: string;
  readonly timeout: number;
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly kmsKeyArn?: string;
  readonly deadLetterArn?: string;
  readonly ephemeralMb: number;
  readonly architecture: 'x86_64' | 'arm64';
  readonly tracing: string;
  readonly logGroup?: string;
  readonly logFormat: 'Text' | 'JSON';
}

/** One version of a function; `$LATEST` is the one that changes. */
export interface VersionRecord extends Configuration {
  readonly name: string;
  readonly version: string;
  readonly code: CodeRecord;
  readonly modified: number;
  readonly revision: string;
}

export interface FunctionRecord {
  readonly name: string;
  readonly lastVersion: number;
  /** Reserved concurrency; absent = none. */
  readonly reserved?: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface AliasRecord {
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

export interface InvokeConfigRecord {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeInSeconds: number;
  readonly onSuccess?: string;
  readonly onFailure?: string;
  readonly modified: number;
}

export const LATEST = '$LATEST';

/** What a reference to a function says: `name`, `name:qualifier`, partial and full ARNs. */
export function parseReference(reference: string, qualifier?: string): { name: string; qualifier: string | undefined } {
  const match =
    /^(?:arn:aws[\w-]*:lambda:[^:]*:)?(?:\d{12}:)?(?:function:)?([A-Za-z0-9-_]{1,64})(?::(\$LATEST|[A-Za-z0-9-_]+))?$/.exec(
      reference,
    );
  if (match?.[1] === undefined) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${reference}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`,
    );
  }
  return { name: match[1], qualifier: qualifier ?? match[2] };
}

/** Functions, versions, aliases, policies and invoke configurations. */
export class LambdaStore {
  readonly functions: Table<FunctionRecord>;
  readonly versions: Table<VersionRecord>;
  readonly aliases: Table<AliasRecord>;
  /** Statements by [function, qualifier or '', sid]. */
  readonly statements: Table<Statement>;
  readonly invokeConfigs: Table<InvokeConfigRecord>;
  private readonly watch: Watch;
  /** What references led to, until a function changes. */
  private readonly resolved = new Map<string, VersionRecord>();
  private readonly known = new Map<string, FunctionRecord>();
  private readonly guards = new Map<string, Guarded>();

  constructor(private readonly cloud: Cloud) {
    this.watch = new Watch(cloud.storage, () => {
      this.guards.clear();
      this.resolved.clear();
      this.known.clear();
    });
    this.functions = this.watch.table(cloud.storage.table<FunctionRecord>('lambda/functions'));
    this.versions = this.watch.table(cloud.storage.table<VersionRecord>('lambda/versions'));
    this.aliases = this.watch.table(cloud.storage.table<AliasRecord>('lambda/aliases'));
    this.statements = this.watch.table(cloud.storage.table<Statement>('lambda/statements'));
    this.invokeConfigs = cloud.storage.table('lambda/invoke-configs');
  }

  arn(name: string, qualifier?: string): string {
    const arn = `arn:aws:lambda:${this.cloud.region}:${this.cloud.account}:function:${name}`;
    return qualifier === undefined ? arn : `${arn}:${qualifier}`;
  }

  function(name: string): FunctionRecord {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const record = this.functions.get(name);
    if (record === undefined) throw this.notFound(name);
    if (this.watch.mayKeep) this.known.set(name, record);
    return record;
  }

  /** The version that a qualifier (number, alias, `$LATEST` or none) leads to. */
  version(name: string, qualifier: string | undefined): VersionRecord {
    const reference = `${name}:${qualifier ?? ''}`;
    const known = this.resolved.get(reference);
    if (known !== undefined) return known;
    const found = this.findVersion(name, qualifier);
    if (this.watch.mayKeep) this.resolved.set(reference, found);
    return found;
  }

  private findVersion(name: string, qualifier: string | undefined): VersionRecord {
    this.function(name);
    const target = qualifier === undefined ? LATEST : (this.aliases.get([name, qualifier])?.version ?? qualifier);
    const record = this.versions.get([name, target]);
    if (record === undefined) throw this.notFound(name, qualifier);
    return record;
  }

  /** The resource policy that guards a function (or one qualifier of it). */
  policy(name: string, qualifier = ''): { Version: string; Id: string; Statement: Statement[] } | undefined {
    const statements = [...this.statements.under([name, qualifier])].map(({ value }) => value);
    return statements.length === 0 ? undefined : { Version: '2012-10-17', Id: 'default', Statement: statements };
  }

  /** What guards a function (or a qualifier of it) that an ARN names. */
  guard(arn: string): Guarded {
    const known = this.guards.get(arn);
    if (known !== undefined) return known;
    const [name = '', qualifier = ''] = arn.split(':').slice(6);
    const policy = this.policy(name, qualifier);
    const absent = this.functions.get(name) === undefined;
    const guarded = { resource: arn, absent, ...(policy === undefined ? {} : { policy: JSON.stringify(policy) }) };
    if (!absent && this.watch.mayKeep) this.guards.set(arn, guarded);
    return guarded;
  }

  notFound(name: string, qualifier?: string): AwsError {
    return new AwsError('ResourceNotFoundException', `Function not found: ${this.arn(name, qualifier)}`, {
      status: 404,
      members: { Type: 'User' },
    });
  }
}
