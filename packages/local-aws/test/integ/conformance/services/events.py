import json

from steps import call, fails

RULE = {'Name': 'conformance'}
PATTERN = json.dumps({'source': ['test']})
ARN = 'arn:aws:events:eu-west-1:000000000000:rule/conformance'
QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:events'
TARGETS = [{'Id': str(index), 'Arn': QUEUE} for index in range(6)]
EVENT = {
    'source': 'test',
    'detail-type': 't',
    'id': '1',
    'account': '0',
    'time': '2026-01-01T00:00:00Z',
    'region': 'r',
    'resources': [],
    'detail': {},
}

STEPS = [
    call('CreateQueue', service='sqs', QueueName='events'),
    call('PutRule', **RULE, EventPattern=PATTERN, Tags=[{'Key': 'a', 'Value': 'b'}]),
    fails('InvalidEventPatternException', 'PutRule', Name='bad', EventPattern='{"source": "test"}'),
    fails('ValidationException', 'PutRule', Name='a b', EventPattern=PATTERN),
    call('DescribeRule', **RULE),
    fails('ResourceNotFoundException', 'DescribeRule', Name='none'),
    call('ListRules'),
    call('PutTargets', Rule='conformance', Targets=TARGETS[:1]),
    fails('LimitExceededException', 'PutTargets', Rule='conformance', Targets=TARGETS),
    call('ListTargetsByRule', Rule='conformance'),
    call('ListRuleNamesByTarget', TargetArn=QUEUE),
    call('DisableRule', **RULE),
    call('EnableRule', **RULE),
    call('ListTagsForResource', ResourceARN=ARN),
    call('TagResource', ResourceARN=ARN, Tags=[{'Key': 'c', 'Value': 'd'}]),
    call('PutEvents', Entries=[{'Source': 'test', 'DetailType': 't', 'Detail': '{}'}, {'Source': 'test', 'DetailType': 't', 'Detail': 'no'}]),
    call('TestEventPattern', EventPattern=PATTERN, Event=json.dumps(EVENT)),
    call('RemoveTargets', Rule='conformance', Ids=['0']),
    call('DeleteRule', **RULE),
]
