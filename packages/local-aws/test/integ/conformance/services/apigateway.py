from steps import call, fails, last

API = {'restApiId': last('CreateRestApi', 'id')}
ROOT = last('CreateRestApi', 'rootResourceId')
RESOURCE = {**API, 'resourceId': last('CreateResource', 'id')}
METHOD = {**RESOURCE, 'httpMethod': 'GET'}
STAGE = {**API, 'stageName': 'v1'}
PLAN = {'usagePlanId': last('CreateUsagePlan', 'id')}
KEY = {'apiKey': last('CreateApiKey', 'id')}
DEPLOYMENT = {**API, 'deploymentId': last('CreateDeployment', 'id')}
VALIDATOR = {**API, 'requestValidatorId': last('CreateRequestValidator', 'id')}
AUTHORIZER = {**API, 'authorizerId': last('CreateAuthorizer', 'id')}
MODEL = {**API, 'modelName': 'Thing'}
FUNCTION = 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:000000000000:function:auth/invocations'


def replace(path, value):
    return [{'op': 'replace', 'path': path, 'value': value}]


STEPS = [
    call('CreateRestApi', name='conformance', tags={'a': 'b'}),
    call('GetRestApi', **API),
    fails('NotFoundException', 'GetRestApi', restApiId='none'),
    call('GetRestApis'),
    call('UpdateRestApi', **API, patchOperations=replace('/description', 'd')),
    fails('BadRequestException', 'UpdateRestApi', **API, patchOperations=replace('/nothing', 'd')),
    call('CreateResource', **API, parentId=ROOT, pathPart='things'),
    fails('ConflictException', 'CreateResource', **API, parentId=ROOT, pathPart='things'),
    call('GetResource', **RESOURCE),
    call('GetResources', **API),
    call('CreateModel', **API, name='Thing', contentType='application/json', schema='{"type": "object"}'),
    call('GetModel', **MODEL),
    call('GetModels', **API),
    call('UpdateModel', **MODEL, patchOperations=replace('/description', 'd')),
    call('CreateRequestValidator', **API, name='body', validateRequestBody=True),
    call('GetRequestValidator', **VALIDATOR),
    call('GetRequestValidators', **API),
    call('UpdateRequestValidator', **VALIDATOR, patchOperations=replace('/name', 'other')),
    call('CreateAuthorizer', **API, name='a', type='TOKEN', authorizerUri=FUNCTION, identitySource='method.request.header.Authorization'),
    call('GetAuthorizer', **AUTHORIZER),
    call('GetAuthorizers', **API),
    call('UpdateAuthorizer', **AUTHORIZER, patchOperations=replace('/name', 'b')),
    call('PutGatewayResponse', **API, responseType='DEFAULT_4XX', responseTemplates={'application/json': '{"m": $context.error.messageString}'}),
    call('GetGatewayResponse', **API, responseType='DEFAULT_4XX'),
    call('GetGatewayResponses', **API),
    call('DeleteGatewayResponse', **API, responseType='DEFAULT_4XX'),
    call('PutMethod', **METHOD, authorizationType='NONE', apiKeyRequired=True),
    call('GetMethod', **METHOD),
    call('PutIntegration', **METHOD, type='MOCK', requestTemplates={'application/json': '{"statusCode": 200}'}),
    call('GetIntegration', **METHOD),
    call('PutMethodResponse', **METHOD, statusCode='200'),
    call('PutIntegrationResponse', **METHOD, statusCode='200'),
    call('CreateDeployment', **API, stageName='v1'),
    call('GetDeployment', **DEPLOYMENT),
    call('GetDeployments', **API),
    call('UpdateDeployment', **DEPLOYMENT, patchOperations=replace('/description', 'd')),
    call('CreateStage', **DEPLOYMENT, stageName='v2'),
    call('GetStage', **STAGE),
    call('GetStages', **API),
    call('UpdateStage', **STAGE, patchOperations=replace('/description', 'd')),
    call('CreateUsagePlan', name='p', quota={'limit': 10, 'period': 'DAY'}, throttle={'rateLimit': 1.0, 'burstLimit': 1}),
    call('UpdateUsagePlan', **PLAN, patchOperations=replace('/name', 'q')),
    call('GetUsagePlan', **PLAN),
    call('GetUsagePlans'),
    call('CreateApiKey', name='k', enabled=True),
    call('GetApiKey', **KEY),
    call('GetApiKeys'),
    call('UpdateApiKey', **KEY, patchOperations=replace('/description', 'd')),
    call('CreateUsagePlanKey', **PLAN, keyId=KEY['apiKey'], keyType='API_KEY'),
    call('GetUsagePlanKey', **PLAN, keyId=KEY['apiKey']),
    call('GetUsagePlanKeys', **PLAN),
    call('GetUsage', **PLAN, startDate='2026-01-01', endDate='2026-01-31'),
    call('DeleteUsagePlanKey', **PLAN, keyId=KEY['apiKey']),
    call('DeleteApiKey', **KEY),
    call('DeleteUsagePlan', **PLAN),
    call('GetAccount'),
    call('UpdateAccount', patchOperations=replace('/cloudwatchRoleArn', 'arn:aws:iam::000000000000:role/gateway')),
    call('DeleteMethod', **METHOD),
    call('DeleteStage', **STAGE),
    call('DeleteStage', **API, stageName='v2'),
    call('DeleteDeployment', **DEPLOYMENT),
    call('DeleteAuthorizer', **AUTHORIZER),
    call('DeleteRequestValidator', **VALIDATOR),
    call('DeleteModel', **MODEL),
    call('DeleteResource', **RESOURCE),
    call('DeleteRestApi', **API),
]
