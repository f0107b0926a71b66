import json

from archive import zipped
from steps import call, fails, last, wait

ROLE = 'arn:aws:iam::000000000000:role/lambda-conformance'
TRUST = json.dumps(
    {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'Service': 'lambda.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]}
)
READ = json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': ['kinesis:*', 'logs:*', 'sqs:*'], 'Resource': '*'}]})
CODE = zipped(index_js='exports.handler = async (event) => ({ got: event });')
FUNCTION = {'FunctionName': 'conformance'}
ARN = 'arn:aws:lambda:eu-west-1:000000000000:function:conformance'
STREAM = 'arn:aws:kinesis:eu-west-1:000000000000:stream/lambda-conformance'
DEFINITION = {'Role': ROLE, 'Code': {'ZipFile': CODE}, 'Handler': 'index.handler', 'Runtime': 'nodejs24.x'}
PERMISSION = {'StatementId': 's', 'Action': 'lambda:InvokeFunction', 'Principal': 'events.amazonaws.com'}
MAPPING = {'UUID': last('CreateEventSourceMapping', 'UUID')}
QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:lambda-conformance'

STEPS = [
    call('CreateRole', service='iam', RoleName='lambda-conformance', AssumeRolePolicyDocument=TRUST),
    call('PutRolePolicy', service='iam', RoleName='lambda-conformance', PolicyName='read', PolicyDocument=READ),
    call('CreateStream', service='kinesis', StreamName='lambda-conformance', ShardCount=1),
    call('CreateQueue', service='sqs', QueueName='lambda-conformance'),
    call('CreateFunction', **FUNCTION, **DEFINITION, Tags={'a': 'b'}),
    fails('ResourceConflictException', 'CreateFunction', **FUNCTION, **DEFINITION),
    fails('InvalidParameterValueException', 'CreateFunction', FunctionName='other', **{**DEFINITION, 'Runtime': 'python3.14'}),
    fails('ValidationException', 'CreateFunction', FunctionName='a b', **DEFINITION),
    call('GetFunction', **FUNCTION),
    fails('ResourceNotFoundException', 'GetFunction', FunctionName='none'),
    wait('GetFunctionConfiguration', lambda answer: answer['State'] == 'Active', **FUNCTION),
    call('ListFunctions'),
    call('ListTags', Resource=ARN),
    call('TagResource', Resource=ARN, Tags={'c': 'd'}),
    call('UntagResource', Resource=ARN, TagKeys=['c']),
    call('Invoke', **FUNCTION, Payload=b'{"a": 1}', LogType='Tail'),
    call('Invoke', **FUNCTION, Payload=b'{}', InvocationType='Event'),
    fails('InvalidRequestContentException', 'Invoke', **FUNCTION, Payload=b'{'),
    fails('RequestTooLargeException', 'Invoke', **FUNCTION, Payload=b'"' + b'x' * 6_300_000 + b'"'),
    call('UpdateFunctionConfiguration', **FUNCTION, Timeout=10, Environment={'Variables': {'NAME': 'b'}}),
    call('UpdateFunctionCode', **FUNCTION, ZipFile=CODE),
    call('PublishVersion', **FUNCTION),
    call('ListVersionsByFunction', **FUNCTION),
    call('CreateAlias', **FUNCTION, Name='live', FunctionVersion='1'),
    fails('ResourceConflictException', 'CreateAlias', **FUNCTION, Name='live', FunctionVersion='1'),
    call('GetAlias', **FUNCTION, Name='live'),
    call('UpdateAlias', **FUNCTION, Name='live', Description='d'),
    call('ListAliases', **FUNCTION),
    call('DeleteAlias', **FUNCTION, Name='live'),
    call('PutFunctionConcurrency', **FUNCTION, ReservedConcurrentExecutions=0),
    fails('TooManyRequestsException', 'Invoke', **FUNCTION),
    call('GetFunctionConcurrency', **FUNCTION),
    call('DeleteFunctionConcurrency', **FUNCTION),
    call('PutFunctionEventInvokeConfig', **FUNCTION, MaximumRetryAttempts=1, DestinationConfig={'OnFailure': {'Destination': QUEUE}}),
    call('GetFunctionEventInvokeConfig', **FUNCTION),
    call('UpdateFunctionEventInvokeConfig', **FUNCTION, MaximumRetryAttempts=0),
    call('DeleteFunctionEventInvokeConfig', **FUNCTION),
    call('AddPermission', **FUNCTION, **PERMISSION),
    fails('ResourceConflictException', 'AddPermission', **FUNCTION, **PERMISSION),
    call('GetPolicy', **FUNCTION),
    call('RemovePermission', **FUNCTION, StatementId='s'),
    fails('ResourceNotFoundException', 'GetPolicy', **FUNCTION),
    call('CreateEventSourceMapping', **FUNCTION, EventSourceArn=STREAM, StartingPosition='LATEST', BatchSize=10),
    call('GetEventSourceMapping', **MAPPING),
    call('ListEventSourceMappings', **FUNCTION),
    call('UpdateEventSourceMapping', **MAPPING, BatchSize=20),
    call('DeleteEventSourceMapping', **MAPPING),
    fails('ResourceNotFoundException', 'GetEventSourceMapping', UUID='00000000-0000-0000-0000-000000000000'),
    call('DeleteFunction', **FUNCTION),
]
