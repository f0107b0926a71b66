from steps import call, fails, last

POOL = {'UserPoolId': last('CreateUserPool', 'UserPool', 'Id')}
SERVER = {'Identifier': 'api', 'Name': 'api', 'Scopes': [{'ScopeName': 'read', 'ScopeDescription': 'r'}]}
CLIENT = {**POOL, 'ClientId': last('CreateUserPoolClient', 'UserPoolClient', 'ClientId')}
FLOW = {'GenerateSecret': True, 'AllowedOAuthFlows': ['client_credentials'], 'AllowedOAuthFlowsUserPoolClient': True}
USER = {**POOL, 'Username': 'someone'}

STEPS = [
    call('CreateUserPool', PoolName='conformance'),
    call('DescribeUserPool', **POOL),
    fails('ResourceNotFoundException', 'DescribeUserPool', UserPoolId='eu-west-1_none'),
    fails('InvalidParameterException', 'DescribeUserPool', UserPoolId='none'),
    call('ListUserPools', MaxResults=10),
    call('UpdateUserPool', **POOL, DeletionProtection='INACTIVE'),
    call('SetUserPoolMfaConfig', **POOL, MfaConfiguration='OFF'),
    call('GetUserPoolMfaConfig', **POOL),
    call('CreateResourceServer', **POOL, **SERVER),
    fails('InvalidParameterException', 'CreateResourceServer', **POOL, **SERVER),
    call('DescribeResourceServer', **POOL, Identifier='api'),
    call('UpdateResourceServer', **POOL, **SERVER),
    call('ListResourceServers', **POOL, MaxResults=10),
    call('CreateUserPoolClient', **POOL, ClientName='c', **FLOW, AllowedOAuthScopes=['api/read']),
    fails('ScopeDoesNotExistException', 'CreateUserPoolClient', **POOL, ClientName='d', **FLOW, AllowedOAuthScopes=['api/none']),
    call('DescribeUserPoolClient', **CLIENT),
    call('UpdateUserPoolClient', **CLIENT, ClientName='e'),
    call('ListUserPoolClients', **POOL, MaxResults=10),
    call('CreateUserPoolDomain', **POOL, Domain='conformance'),
    call('DescribeUserPoolDomain', Domain='conformance'),
    call('AdminCreateUser', **USER, MessageAction='SUPPRESS'),
    fails('UsernameExistsException', 'AdminCreateUser', **USER),
    call('AdminGetUser', **USER),
    fails('UserNotFoundException', 'AdminGetUser', **POOL, Username='nobody'),
    call('ListUsers', **POOL),
    call('AdminDeleteUser', **USER),
    call('DeleteUserPoolDomain', **POOL, Domain='conformance'),
    call('DeleteUserPoolClient', **CLIENT),
    call('DeleteResourceServer', **POOL, Identifier='api'),
    call('DeleteUserPool', **POOL),
]
