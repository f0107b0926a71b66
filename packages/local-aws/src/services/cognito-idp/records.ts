/** A user pool; what has no effect here is kept as it was given. */
export interface PoolRecord {
  readonly id: string;
  readonly name: string;
  readonly created: number;
  readonly modified: number;
  readonly deletionProtection: 'ACTIVE' | 'INACTIVE';
  readonly mfa: 'OFF' | 'OPTIONAL' | 'ON';
  readonly domain?: string;
  /** Further members of CreateUserPool, shown by DescribeUserPool. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface ServerRecord {
  readonly poolId: string;
  readonly identifier: string;
  readonly name: string;
  readonly scopes: readonly { readonly ScopeName: string; readonly ScopeDescription: string }[];
}

export interface ClientRecord {
  readonly poolId: string;
  readonly id: string;
  readonly name: string;
  readonly secret?: string;
  readonly created: number;
  readonly modified: number;
  readonly flows: readonly string[];
  /** Whether the client may use OAuth flows at all (AllowedOAuthFlowsUserPoolClient). */
  readonly oauth: boolean;
  readonly scopes: readonly string[];
  /** Seconds. */
  readonly accessTokenValidity: number;
  /** Further members of CreateUserPoolClient, shown by DescribeUserPoolClient. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface UserRecord {
  readonly poolId: string;
  readonly username: string;
  readonly attributes: readonly { readonly Name: string; readonly Value: string }[];
  readonly status: 'FORCE_CHANGE_PASSWORD';
  readonly enabled: boolean;
  readonly created: number;
}

/** An RSA key of a pool. */
export interface SigningKey {
  readonly kid: string;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  readonly jwk: { readonly n: string; readonly e: string };
}

/** The two keys of a pool as Cognito has them: one signs id tokens, the other access tokens. */
export interface KeysRecord {
  readonly id: SigningKey;
  readonly access: SigningKey;
}
