import type * as Sdk from '@aws-sdk/client-cognito-identity-provider';
import type { Operations } from '../../cloud';
import { AwsError } from '../../errors';
import type { ClientRecord } from './records';
import { invalidParameter, randomText, type Store } from './store';

const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';
const SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;
const MIN_VALIDITY_S = 300;
const MAX_VALIDITY_S = 86_400;
const BUILT_IN_SCOPES = ['phone', 'email', 'openid', 'profile', 'aws.cognito.signin.user.admin'];
const OWN = [
  'UserPoolId',
  'ClientId',
  'ClientName',
  'GenerateSecret',
  'AllowedOAuthFlows',
  'AllowedOAuthFlowsUserPoolClient',
  'AllowedOAuthScopes',
];

type Settings = Omit<Sdk.CreateUserPoolClientCommandInput, 'UserPoolId' | 'ClientName' | 'GenerateSecret' | 'ClientSecret'>;

function validityOf(input: Settings): number {
  const unit = input.TokenValidityUnits?.AccessToken ?? 'hours';
  const seconds = input.AccessTokenValidity === undefined ? 3600 : input.AccessTokenValidity * SECONDS[unit];
  if (seconds < MIN_VALIDITY_S || seconds > MAX_VALIDITY_S)
    throw invalidParameter(`Invalid range for token validity: the access token must be valid for 5 minutes to 1 day`);
  return seconds;
}

function checkFlows(store: Store, poolId: string, input: Settings, hasSecret: boolean): void {
  const flows = input.AllowedOAuthFlows ?? [];
  if (flows.includes('client_credentials')) {
    if (flows.length > 1)
      throw invalidParameter('client_credentials flow can not be selected along with code flow or implicit flow.');
    if (!hasSecret)
      throw invalidParameter('client_credentials flow can not be selected if client does not have a client secret.');
  }
  const known = [...store.servers.under([poolId])].flatMap(({ value }) =>
    value.scopes.map(({ ScopeName }) => `${value.identifier}/${ScopeName}`),
  );
  const unknown = (input.AllowedOAuthScopes ?? []).find((scope) => !known.includes(scope) && !BUILT_IN_SCOPES.includes(scope));
  if (unknown !== undefined) throw new AwsError('ScopeDoesNotExistException', `Invalid scope requested: ${unknown}`);
}

function settingsOf(input: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([name, value]) => !OWN.includes(name) && value !== undefined));
}

function describeClient(record: ClientRecord): Sdk.UserPoolClientType {
  return {
    ...record.settings,
    UserPoolId: record.poolId,
    ClientId: record.id,
    ClientName: record.name,
    CreationDate: new Date(record.created),
    LastModifiedDate: new Date(record.modified),
    AllowedOAuthFlows: [...record.flows] as Sdk.OAuthFlowType[],
    AllowedOAuthFlowsUserPoolClient: record.oauth,
    AllowedOAuthScopes: [...record.scopes],
    ...(record.secret === undefined ? {} : { ClientSecret: record.secret }),
  };
}

/** App clients: who may ask a pool for tokens, and for which scopes. */
export function clientOperations(store: Store): Operations {
  const { clients, cloud } = store;
  const fields = (input: Settings) => ({
    modified: cloud.clock.now(),
    flows: input.AllowedOAuthFlows ?? [],
    oauth: input.AllowedOAuthFlowsUserPoolClient ?? false,
    scopes: input.AllowedOAuthScopes ?? [],
    accessTokenValidity: validityOf(input),
    settings: settingsOf(input),
  });
  return {
    CreateUserPoolClient: async (input: Sdk.CreateUserPoolClientCommandInput) => {
      const { id: poolId } = store.pool(input.UserPoolId);
      const hasSecret = input.GenerateSecret === true;
      checkFlows(store, poolId, input, hasSecret);
      const record: ClientRecord = {
        poolId,
        id: randomText(26, LOWER),
        name: input.ClientName ?? '',
        created: cloud.clock.now(),
        ...fields(input),
        ...(hasSecret ? { secret: randomText(52, LOWER) } : {}),
      };
      await clients.put([poolId, record.id], record);
      return { UserPoolClient: describeClient(record) };
    },
    DescribeUserPoolClient: (input: Sdk.DescribeUserPoolClientCommandInput) => ({
      UserPoolClient: describeClient(store.client(input.UserPoolId, input.ClientId)),
    }),
    ListUserPoolClients: (input: Sdk.ListUserPoolClientsCommandInput) => {
      const all = [...clients.under([store.pool(input.UserPoolId).id])].map(({ value }) => value);
      const start = input.NextToken === undefined ? 0 : Number(input.NextToken);
      const end = start + (input.MaxResults ?? 60);
      const found = all.slice(start, end).map(({ id, poolId, name }) => ({ ClientId: id, UserPoolId: poolId, ClientName: name }));
      return { UserPoolClients: found, ...(end < all.length ? { NextToken: String(end) } : {}) };
    },
    // As in AWS, an update sets everything: what it does not name goes back to its default.
    UpdateUserPoolClient: async (input: Sdk.UpdateUserPoolClientCommandInput) => {
      const before = store.client(input.UserPoolId, input.ClientId);
      checkFlows(store, before.poolId, input, before.secret !== undefined);
      const record: ClientRecord = { ...before, ...fields(input), name: input.ClientName ?? before.name };
      await clients.put([before.poolId, before.id], record);
      return { UserPoolClient: describeClient(record) };
    },
    DeleteUserPoolClient: async (input: Sdk.DeleteUserPoolClientCommandInput) => {
      const { poolId, id } = store.client(input.UserPoolId, input.ClientId);
      await clients.remove([poolId, id]);
    },
  };
}
