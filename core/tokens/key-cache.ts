import { type Jwk, type KeySet, parseKeySet } from './key-set';
import { TokenError } from './token-error';

/** Fetches a JWKS document; bounds size (150 kB) and time (1.5 s) and rejects on anything but 200. */
export type FetchKeys = (uri: string) => Promise<string>;

export interface KeyCacheOptions {
  readonly fetch: FetchKeys;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From this age on a set is fetched again before it is used; from half of it on, behind. @default 300000 */
  readonly softAgeMs?: number;
  /** Until this age a set serves while its issuer does not answer. @default 86400000 */
  readonly hardAgeMs?: number;
  /** Least time between fetches, also of failed ones. @default 10000 */
  readonly cooldownMs?: number;
}

interface Entry {
  keys: KeySet | undefined;
  fetchedAt: number;
  attemptedAt: number;
  failed: boolean;
  pending: Promise<void> | undefined;
}

const DEFAULTS = { softAgeMs: 300_000, hardAgeMs: 86_400_000, cooldownMs: 10_000 } as const;

/** Key sets by address: one fetch at a time, a good answer replaces the whole set, an old set serves while the issuer is down. */
export class KeyCache {
  private readonly options: Required<KeyCacheOptions>;
  private readonly entries = new Map<string, Entry>();

  constructor(options: KeyCacheOptions) {
    this.options = { ...DEFAULTS, ...options };
  }

  /**
   * The key with an id.
   *
   * @throws TokenError `invalid_signature` when the issuer has no such key, `jwks_unavailable` when it cannot be asked
   */
  async key(uri: string, kid: string): Promise<Jwk> {
    const entry = this.entry(uri);
    const age = this.options.now() - entry.fetchedAt;
    if (this.usable(entry) === undefined || age >= this.options.softAgeMs) await this.refresh(uri, entry);
    else if (age >= this.options.softAgeMs / 2) void this.refresh(uri, entry);

    if (this.usable(entry)?.has(kid) === false) await this.refresh(uri, entry);
    const keys = this.usable(entry);
    const key = keys?.get(kid);
    if (key !== undefined) return key;
    if (keys === undefined || entry.failed) throw new TokenError('jwks_unavailable', 'the issuer answers with a key set');
    throw new TokenError('invalid_signature', 'header.kid names a key of the issuer');
  }

  private usable(entry: Entry): KeySet | undefined {
    return this.options.now() - entry.fetchedAt < this.options.hardAgeMs ? entry.keys : undefined;
  }

  /** Joins a fetch under way; starts one unless the last began within the cooldown. Never rejects. */
  private async refresh(uri: string, entry: Entry): Promise<void> {
    if (entry.pending === undefined && this.options.now() - entry.attemptedAt >= this.options.cooldownMs) {
      entry.attemptedAt = this.options.now();
      entry.pending = this.load(uri, entry).finally(() => {
        entry.pending = undefined;
      });
    }
    await entry.pending;
  }

  private async load(uri: string, entry: Entry): Promise<void> {
    const startedAt = this.options.now();
    const text = await this.options.fetch(uri).catch(() => undefined);
    const keys = text === undefined ? undefined : parseKeySet(text);
    entry.failed = keys === undefined;
    if (keys === undefined) return;
    entry.keys = keys;
    entry.fetchedAt = startedAt;
  }

  private entry(uri: string): Entry {
    const known = this.entries.get(uri);
    if (known !== undefined) return known;
    const never = Number.NEGATIVE_INFINITY;
    const entry: Entry = { keys: undefined, fetchedAt: never, attemptedAt: never, failed: false, pending: undefined };
    this.entries.set(uri, entry);
    return entry;
  }
}
