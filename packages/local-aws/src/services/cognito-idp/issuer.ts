import { createPrivateKey, generateKeyPair, type KeyObject, randomUUID, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Cloud } from '../../cloud';
import type { Table } from '../../storage/storage';
import type { ClientRecord, KeysRecord, SigningKey } from './records';

const generate = promisify(generateKeyPair);
const MODULUS_BITS = 2048;

async function newKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: MODULUS_BITS });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  // Cognito's key ids have this form too: 32 random bytes in base64.
  const kid = Buffer.from(randomUUID().replaceAll('-', '') + randomUUID().replaceAll('-', ''), 'hex').toString('base64');
  return { kid, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), jwk: { n, e } };
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const known = new WeakMap<object, Issuer>();

/** Replaces both signing keys of a user pool, as AWS may at any time; tokens of the old keys no longer verify. */
export async function rotateSigningKeys(cloud: object, poolId: string): Promise<void> {
  await known.get(cloud)?.rotate(poolId);
}

/** Signs the tokens of user pools and publishes their keys. */
export class Issuer {
  /** Parsed private keys by key id. */
  private readonly parsed = new Map<string, KeyObject>();

  constructor(
    private readonly cloud: Cloud,
    private readonly keys: Table<KeysRecord>,
  ) {
    known.set(cloud, this);
  }

  /** Issuer URL of a pool: it follows the port at which this cloud listens now. */
  url(poolId: string): string {
    return `${this.cloud.endpoint}/${poolId}`;
  }

  async rotate(poolId: string): Promise<void> {
    const [id, access] = await Promise.all([newKey(), newKey()]);
    await this.keys.put(poolId, { id, access });
  }

  async forget(poolId: string): Promise<void> {
    await this.keys.remove(poolId);
  }

  jwks(poolId: string): object {
    const pair = this.pair(poolId);
    const publish = ({ kid, jwk }: SigningKey): object => ({ alg: 'RS256', e: jwk.e, kid, kty: 'RSA', n: jwk.n, use: 'sig' });
    return { keys: [publish(pair.id), publish(pair.access)] };
  }

  /** An access token for a client that acts for itself (client_credentials). */
  accessToken(client: ClientRecord, scopes: readonly string[]): string {
    const now = Math.floor(this.cloud.clock.now() / 1000);
    const { access } = this.pair(client.poolId);
    const payload = {
      sub: client.id,
      token_use: 'access',
      scope: scopes.join(' '),
      auth_time: now,
      iss: this.url(client.poolId),
      exp: now + client.accessTokenValidity,
      iat: now,
      version: 2,
      jti: randomUUID(),
      client_id: client.id,
    };
    const head = `${encode({ kid: access.kid, alg: 'RS256' })}.${encode(payload)}`;
    return `${head}.${sign('sha256', Buffer.from(head), this.privateKey(access)).toString('base64url')}`;
  }

  private privateKey(key: SigningKey): KeyObject {
    let parsed = this.parsed.get(key.kid);
    if (parsed === undefined) {
      parsed = createPrivateKey(key.privateKey);
      this.parsed.set(key.kid, parsed);
    }
    return parsed;
  }

  private pair(poolId: string): KeysRecord {
    const pair = this.keys.get(poolId);
    if (pair === undefined) throw new Error(`user pool ${poolId} has no signing keys`);
    return pair;
  }
}
