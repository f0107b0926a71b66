import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock/clock';
import type { Caller, SessionCredentials } from '../cloud';
import { AwsError } from '../errors';
import type { Storage, Table } from '../storage/storage';

interface StoredCredentials {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Epoch ms on the wall clock: temporary credentials end by real time, as outside clients hold them. */
  readonly expires?: number;
  readonly caller: Caller;
}

export interface Credentials extends SessionCredentials {
  readonly expires: number;
}

const SESSION_MS = 12 * 3600 * 1000;
const ROOT_KEY = 'root';
const ADMINISTRATOR = 'administrator';

export interface LongTermKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

function randomId(prefix: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return prefix + [...randomBytes(16)].map((byte) => alphabet[byte % 32]).join('');
}

/** The role name at the end of a role ARN, whatever its path. */
export function roleName(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1);
}

/** Access keys of the account: the root's own and those of role sessions, durable, and whom each one stands for. */
export class Identities {
  private readonly keys: Table<StoredCredentials>;
  private readonly sessions = new Map<string, Credentials>();

  constructor(
    storage: Storage,
    private readonly account: string,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    this.keys = storage.table('iam/access-keys');
  }

  /** The root user's key; made at its first use and kept. */
  root(): Promise<LongTermKey> {
    return this.keyOf(ROOT_KEY, { kind: 'root', arn: `arn:aws:iam::${this.account}:root`, account: this.account });
  }

  /** Key of the user `administrator`, who has AdministratorAccess and, other than the root user, may assume roles. */
  administrator(): Promise<LongTermKey> {
    return this.keyOf(ADMINISTRATOR, this.user(ADMINISTRATOR));
  }

  private async keyOf(name: string, identity: Caller): Promise<LongTermKey> {
    const known = this.keys.get(name) as (StoredCredentials & LongTermKey) | undefined;
    if (known !== undefined) return { accessKeyId: known.accessKeyId, secretAccessKey: known.secretAccessKey };
    const accessKeyId = randomId('AKIA');
    const secretAccessKey = randomBytes(30).toString('base64');
    const caller = { ...identity, accessKeyId };
    await this.keys.put(accessKeyId, { secretAccessKey, caller });
    await this.keys.put(name, { accessKeyId, secretAccessKey, caller } as StoredCredentials);
    return { accessKeyId, secretAccessKey };
  }

  /** New temporary credentials for a session of a role. */
  assume(roleArn: string, session: string, durationMs = SESSION_MS, sessionPolicy?: string): Promise<Credentials> {
    const caller = this.asRole(roleArn, session);
    return this.temporary({ ...caller, ...(sessionPolicy === undefined ? {} : { sessionPolicy }) }, durationMs);
  }

  /** New temporary credentials of the administrator. */
  administratorSession(durationMs = SESSION_MS): Promise<Credentials> {
    return this.temporary(this.user(ADMINISTRATOR), durationMs);
  }

  private user(name: string): Caller {
    return { kind: 'user', arn: `arn:aws:iam::${this.account}:user/${name}`, account: this.account };
  }

  private async temporary(caller: Caller, durationMs: number): Promise<Credentials> {
    const accessKeyId = randomId('ASIA');
    const secretAccessKey = randomBytes(30).toString('base64');
    const sessionToken = randomBytes(96).toString('base64');
    const expires = Date.now() + durationMs;
    await this.keys.put(accessKeyId, { secretAccessKey, sessionToken, expires, caller: { ...caller, accessKeyId } });
    return { accessKeyId, secretAccessKey, sessionToken, expires };
  }

  /** Credentials of a platform-internal session (a Lambda environment, a job), reused until an hour before their end. */
  async session(roleArn: string, session: string): Promise<Credentials> {
    const key = `${roleArn}\n${session}`;
    const known = this.sessions.get(key);
    if (known !== undefined && known.expires - Date.now() > 3600 * 1000) return known;
    const fresh = await this.assume(roleArn, session);
    this.sessions.set(key, fresh);
    return fresh;
  }

  asRole(roleArn: string, session: string): Caller {
    const arn = `arn:aws:sts::${this.account}:assumed-role/${roleName(roleArn)}/${session}`;
    return { kind: 'assumed-role', arn, account: this.account, roleArn };
  }

  asService(principal: string, sourceArn?: string): Caller {
    return { kind: 'service', arn: principal, account: this.account, ...(sourceArn === undefined ? {} : { sourceArn }) };
  }

  /** Secret and caller behind an access key. Throws AWS's errors for unknown keys, wrong tokens and ended sessions. */
  find(accessKeyId: string, sessionToken: string | undefined): { secret: string; caller: Caller } {
    const known = this.keys.get(accessKeyId);
    const invalid = new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', {
      status: 403,
    });
    if (known === undefined || accessKeyId === ROOT_KEY || accessKeyId === ADMINISTRATOR) throw invalid;
    if (known.sessionToken !== undefined && known.sessionToken !== sessionToken) throw invalid;
    if (known.expires !== undefined && known.expires < Date.now()) {
      throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired', { status: 403 });
    }
    return { secret: known.secretAccessKey, caller: known.caller };
  }

  /** Instant on the simulated clock, for answers that show an expiry. */
  now(): number {
    return this.clock.now();
  }
}
