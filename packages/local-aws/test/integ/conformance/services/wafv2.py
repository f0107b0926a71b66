from steps import call, fails, last

VISIBILITY = {'SampledRequestsEnabled': False, 'CloudWatchMetricsEnabled': True, 'MetricName': 'acl'}
ACL = {'Name': 'conformance', 'Scope': 'REGIONAL', 'DefaultAction': {'Allow': {}}, 'VisibilityConfig': VISIBILITY}
RULE = {
    'Name': 'rate',
    'Priority': 0,
    'Action': {'Block': {}},
    'VisibilityConfig': VISIBILITY,
    'Statement': {'RateBasedStatement': {'Limit': 100, 'AggregateKeyType': 'IP'}},
}
MANAGED = [
    {
        'Name': f'managed-{index}',
        'Priority': index,
        'OverrideAction': {'None': {}},
        'VisibilityConfig': VISIBILITY,
        'Statement': {'ManagedRuleGroupStatement': {'VendorName': 'AWS', 'Name': 'AWSManagedRulesCommonRuleSet'}},
    }
    for index in range(8)
]
PLACE = {'Name': 'conformance', 'Scope': 'REGIONAL', 'Id': last('CreateWebACL', 'Summary', 'Id')}
ARN = last('CreateWebACL', 'Summary', 'ARN')
LOCK = last('GetWebACL', 'LockToken')
NONE = '00000000-0000-0000-0000-000000000000'
API = {'restApiId': last('CreateRestApi', 'id')}


def stage(answers):
    return f'arn:aws:apigateway:eu-west-1::/restapis/{answers["CreateRestApi"]["id"]}/stages/v1'


STEPS = [
    call('CreateRestApi', service='apigateway', name='waf'),
    call('PutMethod', service='apigateway', **API, resourceId=last('CreateRestApi', 'rootResourceId'), httpMethod='GET', authorizationType='NONE'),
    call('PutIntegration', service='apigateway', **API, resourceId=last('CreateRestApi', 'rootResourceId'), httpMethod='GET', type='MOCK'),
    call('CreateDeployment', service='apigateway', **API, stageName='v1'),
    call('CreateWebACL', **ACL, Rules=[RULE]),
    fails('WAFDuplicateItemException', 'CreateWebACL', **ACL),
    fails(
        'WAFInvalidParameterException',
        'CreateWebACL',
        **{**ACL, 'Name': 'other', 'Rules': [{**RULE, 'Statement': {'GeoMatchStatement': {'CountryCodes': ['AT']}}}]},
    ),
    fails('WAFLimitsExceededException', 'CreateWebACL', **{**ACL, 'Name': 'other', 'Rules': MANAGED}),
    call('GetWebACL', **PLACE),
    fails('WAFNonexistentItemException', 'GetWebACL', **{**PLACE, 'Id': NONE}),
    call('ListWebACLs', Scope='REGIONAL'),
    fails('WAFOptimisticLockException', 'UpdateWebACL', **ACL, Id=PLACE['Id'], LockToken=NONE),
    call('UpdateWebACL', **ACL, Id=PLACE['Id'], Rules=[RULE], LockToken=LOCK),
    call('AssociateWebACL', WebACLArn=ARN, ResourceArn=stage),
    fails('WAFUnavailableEntityException', 'AssociateWebACL', WebACLArn=ARN, ResourceArn='arn:aws:apigateway:eu-west-1::/restapis/none/stages/v1'),
    call('GetWebACLForResource', ResourceArn=stage),
    call('ListResourcesForWebACL', WebACLArn=ARN, ResourceType='API_GATEWAY'),
    call(
        'PutLoggingConfiguration',
        LoggingConfiguration={'ResourceArn': ARN, 'LogDestinationConfigs': ['arn:aws:logs:eu-west-1:000000000000:log-group:aws-waf-logs-x']},
    ),
    call('GetLoggingConfiguration', ResourceArn=ARN),
    call('DeleteLoggingConfiguration', ResourceArn=ARN),
    call('GetWebACL', **PLACE),
    fails('WAFAssociatedItemException', 'DeleteWebACL', **PLACE, LockToken=LOCK),
    call('DisassociateWebACL', ResourceArn=stage),
    call('DeleteWebACL', **PLACE, LockToken=LOCK),
]
