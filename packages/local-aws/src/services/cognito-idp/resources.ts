import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';
import type { Issuer } from './issuer';

const NO_MESSAGES = 'the local AWS sends no messages to users';
const NO_SIGN_IN = 'people do not sign in to the local AWS; clients get tokens by client_credentials';

async function gone(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
  });
}

interface Described {
  readonly UserPool: { readonly Id: string; readonly Arn: string };
}

function poolInput(properties: ResourceProperties): object {
  const { UserPoolName: _, EnabledMfas: __, UserPoolTags: ___, Schema: ____, ...rest } = properties;
  return rest;
}

/** The issuer follows the port of this cloud; so does ProviderURL (which a stack that refers to it keeps as of its deployment). */
function poolOutcome({ Id: id, Arn }: Described['UserPool'], issuer: Issuer): ResourceOutcome {
  const url = issuer.url(id);
  return { id, attributes: { Arn, UserPoolId: id, ProviderURL: url, ProviderName: url.replace(/^https?:\/\//, '') } };
}

async function setMfa(id: string, properties: ResourceProperties, context: ResourceContext): Promise<void> {
  if (properties.EnabledMfas === undefined) return;
  await context.call('cognito-idp', 'SetUserPoolMfaConfig', {
    UserPoolId: id,
    MfaConfiguration: properties.MfaConfiguration,
    SoftwareTokenMfaConfiguration: { Enabled: properties.EnabledMfas.includes('SOFTWARE_TOKEN_MFA') },
  });
}

const STORED_OF_POOL = {
  AccountRecoverySetting: NO_SIGN_IN,
  AdminCreateUserConfig: NO_SIGN_IN,
  AliasAttributes: NO_SIGN_IN,
  AutoVerifiedAttributes: NO_MESSAGES,
  DeviceConfiguration: NO_SIGN_IN,
  EmailConfiguration: NO_MESSAGES,
  EmailVerificationMessage: NO_MESSAGES,
  EmailVerificationSubject: NO_MESSAGES,
  EnabledMfas: NO_SIGN_IN,
  MfaConfiguration: NO_SIGN_IN,
  Policies: `the range of MinimumLength is checked; ${NO_SIGN_IN}`,
  Schema: NO_SIGN_IN,
  SmsConfiguration: NO_MESSAGES,
  SmsVerificationMessage: NO_MESSAGES,
  UserAttributeUpdateSettings: NO_SIGN_IN,
  UserPoolAddOns: 'threat protection watches sign-ins, of which there are none here',
  UserPoolTags: 'shown by no operation that is supported',
  UserPoolTier: 'a matter of price and of sign-in features',
  UsernameAttributes: NO_SIGN_IN,
  UsernameConfiguration: NO_SIGN_IN,
  VerificationMessageTemplate: NO_MESSAGES,
};

const userPool = (issuer: Issuer): ResourceType => ({
  type: 'AWS::Cognito::UserPool',
  enforced: ['UserPoolName', 'DeletionProtection'],
  stored: STORED_OF_POOL,
  async create(properties, context) {
    const PoolName: string = properties.UserPoolName ?? context.generateName(128);
    const { UserPool } = await context.call<Described>('cognito-idp', 'CreateUserPool', {
      PoolName,
      ...poolInput(properties),
      Schema: properties.Schema,
    });
    await setMfa(UserPool.Id, properties, context);
    return poolOutcome(UserPool, issuer);
  },
  async update(id, properties, _previous, context) {
    await context.call('cognito-idp', 'UpdateUserPool', {
      UserPoolId: id,
      DeletionProtection: 'INACTIVE',
      MfaConfiguration: 'OFF',
      ...poolInput(properties),
      PoolName: properties.UserPoolName,
    });
    await setMfa(id, properties, context);
    const { UserPool } = await context.call<Described>('cognito-idp', 'DescribeUserPool', { UserPoolId: id });
    return poolOutcome(UserPool, issuer);
  },
  delete: (id, _properties, context) => gone(context.call('cognito-idp', 'DeleteUserPool', { UserPoolId: id })),
});

const resourceServer: ResourceType = {
  type: 'AWS::Cognito::UserPoolResourceServer',
  enforced: ['Identifier', 'Name', 'Scopes', 'UserPoolId'],
  stored: {},
  async create(properties, context) {
    await context.call('cognito-idp', 'CreateResourceServer', properties);
    return { id: properties.Identifier };
  },
  async update(id, properties, _previous, context) {
    await context.call('cognito-idp', 'UpdateResourceServer', properties);
    return { id };
  },
  delete: (id, { UserPoolId }, context) =>
    gone(context.call('cognito-idp', 'DeleteResourceServer', { UserPoolId, Identifier: id })),
};

interface MadeClient {
  readonly UserPoolClient: { readonly ClientId: string; readonly ClientName: string; readonly ClientSecret?: string };
}

function clientOutcome({ UserPoolClient: client }: MadeClient): ResourceOutcome {
  const { ClientId: id, ClientName, ClientSecret } = client;
  const attributes = { ClientId: id, Name: ClientName, ...(ClientSecret === undefined ? {} : { ClientSecret }) };
  return { id, attributes };
}

const userPoolClient: ResourceType = {
  type: 'AWS::Cognito::UserPoolClient',
  enforced: [
    'AccessTokenValidity',
    'AllowedOAuthFlows',
    'AllowedOAuthFlowsUserPoolClient',
    'AllowedOAuthScopes',
    'ClientName',
    'GenerateSecret',
    'TokenValidityUnits',
    'UserPoolId',
  ],
  stored: {
    AuthSessionValidity: NO_SIGN_IN,
    CallbackURLs: NO_SIGN_IN,
    DefaultRedirectURI: NO_SIGN_IN,
    EnableTokenRevocation: 'access tokens of client_credentials cannot be revoked in AWS either',
    ExplicitAuthFlows: NO_SIGN_IN,
    IdTokenValidity: NO_SIGN_IN,
    LogoutURLs: NO_SIGN_IN,
    PreventUserExistenceErrors: NO_SIGN_IN,
    ReadAttributes: NO_SIGN_IN,
    RefreshTokenValidity: NO_SIGN_IN,
    SupportedIdentityProviders: NO_SIGN_IN,
    WriteAttributes: NO_SIGN_IN,
  },
  async create(properties, context) {
    const ClientName: string = properties.ClientName ?? context.generateName(128);
    return clientOutcome(await context.call<MadeClient>('cognito-idp', 'CreateUserPoolClient', { ...properties, ClientName }));
  },
  async update(id, properties, _previous, context) {
    const { GenerateSecret: _, ...input } = properties;
    return clientOutcome(await context.call<MadeClient>('cognito-idp', 'UpdateUserPoolClient', { ...input, ClientId: id }));
  },
  delete: (id, { UserPoolId }, context) =>
    gone(context.call('cognito-idp', 'DeleteUserPoolClient', { UserPoolId, ClientId: id })),
};

const userPoolDomain: ResourceType = {
  type: 'AWS::Cognito::UserPoolDomain',
  enforced: ['Domain', 'UserPoolId'],
  stored: { ManagedLoginVersion: NO_SIGN_IN },
  async create({ Domain, UserPoolId }, context) {
    await context.call('cognito-idp', 'CreateUserPoolDomain', { Domain, UserPoolId });
    return { id: Domain, attributes: { CloudFrontDistribution: '' } };
  },
  update: (id) => Promise.resolve({ id, attributes: { CloudFrontDistribution: '' } }),
  async delete(id, { UserPoolId }, context) {
    const input = { Domain: id, UserPoolId };
    const found = await context.call<{ DomainDescription: { UserPoolId?: string } }>(
      'cognito-idp',
      'DescribeUserPoolDomain',
      input,
    );
    if (found.DomainDescription.UserPoolId === UserPoolId) await gone(context.call('cognito-idp', 'DeleteUserPoolDomain', input));
  },
};

const userPoolUser: ResourceType = {
  type: 'AWS::Cognito::UserPoolUser',
  enforced: ['UserAttributes', 'Username', 'UserPoolId'],
  stored: { MessageAction: NO_MESSAGES, DesiredDeliveryMediums: NO_MESSAGES },
  async create(properties, context) {
    const Username: string = properties.Username ?? context.generateName(128);
    await context.call('cognito-idp', 'AdminCreateUser', { ...properties, Username });
    return { id: Username };
  },
  delete: (id, { UserPoolId }, context) => gone(context.call('cognito-idp', 'AdminDeleteUser', { UserPoolId, Username: id })),
};

export const cognitoResources = (issuer: Issuer): readonly ResourceType[] => [
  userPool(issuer),
  resourceServer,
  userPoolClient,
  userPoolDomain,
  userPoolUser,
];
