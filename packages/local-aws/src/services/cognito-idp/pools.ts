import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-cognito-identity-provider';
import type { Operations } from '../../cloud';
import { AwsError } from '../../errors';
import type { PoolRecord, ServerRecord, UserRecord } from './records';
import { invalidParameter, randomText, type Store } from './store';

const MAX_SCOPES = 100;
const MIN_PASSWORD = 6;
const MAX_PASSWORD = 99;

function describePool(store: Store, record: PoolRecord): Sdk.UserPoolType {
  const { id, name, domain } = record;
  return {
    ...record.settings,
    Id: id,
    Name: name,
    Arn: store.arn(id),
    CreationDate: new Date(record.created),
    LastModifiedDate: new Date(record.modified),
    DeletionProtection: record.deletionProtection,
    MfaConfiguration: record.mfa,
    EstimatedNumberOfUsers: [...store.users.under([id])].length,
    ...(domain === undefined ? {} : { Domain: domain }),
  };
}

function checkPolicies(policies: Sdk.UserPoolPolicyType | undefined): void {
  const length = policies?.PasswordPolicy?.MinimumLength;
  if (length !== undefined && (length < MIN_PASSWORD || length > MAX_PASSWORD))
    throw invalidParameter(
      `1 validation error detected: Value '${length}' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: Member must have value between ${MIN_PASSWORD} and ${MAX_PASSWORD}`,
    );
}

function refuseTriggers(triggers: object | undefined): void {
  const names = Object.keys(triggers ?? {});
  if (names.length > 0) throw invalidParameter(`The local AWS runs no user pool triggers; given ${names.join(', ')}`);
}

function settingsOf(input: object): Record<string, unknown> {
  const own = ['PoolName', 'UserPoolId', 'DeletionProtection', 'MfaConfiguration'];
  return Object.fromEntries(Object.entries(input).filter(([name, value]) => !own.includes(name) && value !== undefined));
}

/** What the operations share. */
function poolScope(store: Store) {
  const { pools, cloud } = store;
  return { cloud, store, pools };
}
type PoolScope = ReturnType<typeof poolScope>;

async function createUserPool({ cloud, store, pools }: PoolScope, input: Sdk.CreateUserPoolCommandInput) {
  checkPolicies(input.Policies);
  refuseTriggers(input.LambdaConfig);
  const now = cloud.clock.now();
  const record: PoolRecord = {
    id: `${cloud.region}_${randomText(9)}`,
    name: input.PoolName ?? '',
    created: now,
    modified: now,
    deletionProtection: input.DeletionProtection ?? 'INACTIVE',
    mfa: input.MfaConfiguration ?? 'OFF',
    settings: settingsOf(input),
  };
  await store.issuer.rotate(record.id);
  await pools.put(record.id, record);
  return { UserPool: describePool(store, record) };
}

function describeUserPool({ store }: PoolScope, input: Sdk.DescribeUserPoolCommandInput) {
  return {
    UserPool: describePool(store, store.pool(input.UserPoolId)),
  };
}

function listUserPools({ pools }: PoolScope, input: Sdk.ListUserPoolsCommandInput) {
  return {
    UserPools: [...pools.entries({ limit: input.MaxResults ?? 60 })].map(({ value }) => ({
      Id: value.id,
      Name: value.name,
      CreationDate: new Date(value.created),
      LastModifiedDate: new Date(value.modified),
    })),
  };
}

async function updateUserPool({ store, pools, cloud }: PoolScope, input: Sdk.UpdateUserPoolCommandInput) {
  checkPolicies(input.Policies);
  refuseTriggers(input.LambdaConfig);
  const before = store.pool(input.UserPoolId);
  await pools.put(before.id, {
    ...before,
    name: input.PoolName ?? before.name,
    modified: cloud.clock.now(),
    deletionProtection: input.DeletionProtection ?? before.deletionProtection,
    mfa: input.MfaConfiguration ?? before.mfa,
    settings: { ...before.settings, ...settingsOf(input) },
  });
  return {};
}

async function setUserPoolMfaConfig({ store, pools, cloud }: PoolScope, input: Sdk.SetUserPoolMfaConfigCommandInput) {
  const before = store.pool(input.UserPoolId);
  const { MfaConfiguration: mfa = before.mfa, SoftwareTokenMfaConfiguration } = input;
  const settings = {
    ...before.settings,
    ...(SoftwareTokenMfaConfiguration === undefined ? {} : { SoftwareTokenMfaConfiguration }),
  };
  await pools.put(before.id, { ...before, mfa, settings, modified: cloud.clock.now() });
  return { SoftwareTokenMfaConfiguration, MfaConfiguration: mfa };
}

function getUserPoolMfaConfig({ store }: PoolScope, input: Sdk.GetUserPoolMfaConfigCommandInput) {
  const { mfa, settings } = store.pool(input.UserPoolId);
  return { SoftwareTokenMfaConfiguration: settings.SoftwareTokenMfaConfiguration, MfaConfiguration: mfa };
}

async function deleteUserPool({ store, cloud, pools }: PoolScope, input: Sdk.DeleteUserPoolCommandInput) {
  const pool = store.pool(input.UserPoolId);
  if (pool.deletionProtection === 'ACTIVE')
    throw invalidParameter(
      'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
    );
  if (pool.domain !== undefined)
    throw invalidParameter('User pool cannot be deleted. It has a domain configured that should be deleted first.');
  await cloud.storage.transaction(() => {
    for (const table of [store.servers, store.clients, store.users])
      for (const { key } of [...table.under([pool.id])]) void table.remove(key);
    void pools.remove(pool.id);
  });
  await store.issuer.forget(pool.id);
}

function poolOperations(store: Store): Operations {
  const scope = poolScope(store);
  return {
    CreateUserPool: (input: Sdk.CreateUserPoolCommandInput) => createUserPool(scope, input),
    DescribeUserPool: (input: Sdk.DescribeUserPoolCommandInput) => describeUserPool(scope, input),
    ListUserPools: (input: Sdk.ListUserPoolsCommandInput) => listUserPools(scope, input),
    UpdateUserPool: (input: Sdk.UpdateUserPoolCommandInput) => updateUserPool(scope, input),
    SetUserPoolMfaConfig: (input: Sdk.SetUserPoolMfaConfigCommandInput) => setUserPoolMfaConfig(scope, input),
    GetUserPoolMfaConfig: (input: Sdk.GetUserPoolMfaConfigCommandInput) => getUserPoolMfaConfig(scope, input),
    DeleteUserPool: (input: Sdk.DeleteUserPoolCommandInput) => deleteUserPool(scope, input),
  };
}

function checkScopes(scopes: readonly Sdk.ResourceServerScopeType[]): ServerRecord['scopes'] {
  if (scopes.length > MAX_SCOPES) throw invalidParameter(`A resource server can have at most ${MAX_SCOPES} scopes`);
  return scopes.map(({ ScopeName = '', ScopeDescription = '' }) => {
    if (!/^[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+$/.test(ScopeName))
      throw invalidParameter(
        `1 validation error detected: Value '${ScopeName}' at 'scopes.1.member.scopeName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+`,
      );
    return { ScopeName, ScopeDescription };
  });
}

function serverOperations(store: Store): Operations {
  const describe = (record: ServerRecord): Sdk.ResourceServerType => ({
    UserPoolId: record.poolId,
    Identifier: record.identifier,
    Name: record.name,
    Scopes: record.scopes.map((scope) => ({ ...scope })),
  });
  return {
    CreateResourceServer: async (input: Sdk.CreateResourceServerCommandInput) => {
      const { id: poolId } = store.pool(input.UserPoolId);
      const { Identifier: identifier = '', Name: name = '' } = input;
      if (store.servers.get([poolId, identifier]) !== undefined)
        throw invalidParameter(`${identifier} already exists in user pool ${poolId}.`);
      const record = { poolId, identifier, name, scopes: checkScopes(input.Scopes ?? []) };
      await store.servers.put([poolId, identifier], record);
      return { ResourceServer: describe(record) };
    },
    DescribeResourceServer: (input: Sdk.DescribeResourceServerCommandInput) => ({
      ResourceServer: describe(store.server(input.UserPoolId, input.Identifier)),
    }),
    ListResourceServers: (input: Sdk.ListResourceServersCommandInput) => ({
      ResourceServers: [...store.servers.under([store.pool(input.UserPoolId).id])].map(({ value }) => describe(value)),
    }),
    UpdateResourceServer: async (input: Sdk.UpdateResourceServerCommandInput) => {
      const before = store.server(input.UserPoolId, input.Identifier);
      const record = { ...before, name: input.Name ?? before.name, scopes: checkScopes(input.Scopes ?? []) };
      await store.servers.put([before.poolId, before.identifier], record);
      return { ResourceServer: describe(record) };
    },
    DeleteResourceServer: async (input: Sdk.DeleteResourceServerCommandInput) => {
      const { poolId, identifier } = store.server(input.UserPoolId, input.Identifier);
      await store.servers.remove([poolId, identifier]);
    },
  };
}

function domainOperations(store: Store): Operations {
  return {
    CreateUserPoolDomain: async (input: Sdk.CreateUserPoolDomainCommandInput) => {
      const pool = store.pool(input.UserPoolId);
      const domain = input.Domain ?? '';
      if (input.CustomDomainConfig !== undefined) throw invalidParameter('The local AWS has no custom domains for user pools');
      if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(domain)) throw invalidParameter(`Invalid domain: ${domain}`);
      if (store.domains.get(domain) !== undefined) throw invalidParameter('Domain already associated with another user pool.');
      if (pool.domain !== undefined) throw invalidParameter('User pool already has a domain configured.');
      await store.domains.put(domain, pool.id);
      await store.pools.put(pool.id, { ...pool, domain });
      return {};
    },
    DescribeUserPoolDomain: (input: Sdk.DescribeUserPoolDomainCommandInput) => {
      const poolId = store.domains.get(input.Domain ?? '');
      if (poolId === undefined) return { DomainDescription: {} };
      const description = { UserPoolId: poolId, AWSAccountId: store.cloud.account, Domain: input.Domain, Status: 'ACTIVE' };
      return { DomainDescription: description };
    },
    DeleteUserPoolDomain: async (input: Sdk.DeleteUserPoolDomainCommandInput) => {
      const { domain, ...pool } = store.pool(input.UserPoolId);
      if (domain === undefined || domain !== input.Domain) throw invalidParameter('No such domain or user pool exists.');
      await store.domains.remove(domain);
      await store.pools.put(pool.id, pool);
      return {};
    },
  };
}

function userOperations(store: Store): Operations {
  const describe = (record: UserRecord): Sdk.UserType => ({
    Username: record.username,
    Attributes: record.attributes.map((attribute) => ({ ...attribute })),
    UserCreateDate: new Date(record.created),
    UserLastModifiedDate: new Date(record.created),
    Enabled: record.enabled,
    UserStatus: record.status,
  });
  const find = (pool: string | undefined, username: string | undefined): UserRecord => {
    const found = store.users.get([store.pool(pool).id, username ?? '']);
    if (found === undefined) throw new AwsError('UserNotFoundException', 'User does not exist.');
    return found;
  };
  return {
    AdminCreateUser: async (input: Sdk.AdminCreateUserCommandInput) => {
      const { id: poolId } = store.pool(input.UserPoolId);
      const username = input.Username ?? '';
      if (store.users.get([poolId, username]) !== undefined)
        throw new AwsError('UsernameExistsException', 'User account already exists');
      const given = (input.UserAttributes ?? []).map(({ Name = '', Value = '' }) => ({ Name, Value }));
      const attributes = [...given, { Name: 'sub', Value: randomUUID() }];
      const created = store.cloud.clock.now();
      const record: UserRecord = { poolId, username, attributes, status: 'FORCE_CHANGE_PASSWORD', enabled: true, created };
      await store.users.put([poolId, username], record);
      return { User: describe(record) };
    },
    AdminGetUser: (input: Sdk.AdminGetUserCommandInput) => {
      const { Attributes, ...user } = describe(find(input.UserPoolId, input.Username));
      return { ...user, UserAttributes: Attributes };
    },
    ListUsers: (input: Sdk.ListUsersCommandInput) => ({
      Users: [...store.users.under([store.pool(input.UserPoolId).id])].map(({ value }) => describe(value)),
    }),
    AdminDeleteUser: async (input: Sdk.AdminDeleteUserCommandInput) => {
      const { poolId, username } = find(input.UserPoolId, input.Username);
      await store.users.remove([poolId, username]);
    },
  };
}

/** User pools, their resource servers, domains and users. */
export function poolsOperations(store: Store): Operations {
  return { ...poolOperations(store), ...serverOperations(store), ...domainOperations(store), ...userOperations(store) };
}
