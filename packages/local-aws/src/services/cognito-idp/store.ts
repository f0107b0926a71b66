import { randomInt } from 'node:crypto';
import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import { Issuer } from './issuer';
import type { ClientRecord, KeysRecord, PoolRecord, ServerRecord, UserRecord } from './records';

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function randomText(length: number, alphabet = ALPHANUMERIC): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message, { status: 400 });
}

/** The tables of Cognito user pools. */
export class Store {
  readonly pools;
  /** By [pool, identifier]. */
  readonly servers;
  /** By [pool, client id]. */
  readonly clients;
  /** By [pool, user name]. */
  readonly users;
  /** Pool id by domain prefix. */
  readonly domains;
  readonly issuer: Issuer;

  constructor(readonly cloud: Cloud) {
    const { storage } = cloud;
    this.pools = storage.table<PoolRecord>('cognito/pools');
    this.servers = storage.table<ServerRecord>('cognito/resource-servers');
    this.clients = storage.table<ClientRecord>('cognito/clients');
    this.users = storage.table<UserRecord>('cognito/users');
    this.domains = storage.table<string>('cognito/domains');
    this.issuer = new Issuer(cloud, storage.table<KeysRecord>('cognito/keys'));
  }

  pool(id: string | undefined): PoolRecord {
    const found = this.pools.get(id ?? '');
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `User pool ${id} does not exist.`);
    return found;
  }

  server(pool: string | undefined, identifier: string | undefined): ServerRecord {
    const found = this.servers.get([this.pool(pool).id, identifier ?? '']);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `Resource server ${identifier} does not exist.`);
    return found;
  }

  client(pool: string | undefined, id: string | undefined): ClientRecord {
    const found = this.clients.get([this.pool(pool).id, id ?? '']);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `User pool client ${id} does not exist.`);
    return found;
  }

  arn(pool: string): string {
    return `arn:aws:cognito-idp:${this.cloud.region}:${this.cloud.account}:userpool/${pool}`;
  }
}
