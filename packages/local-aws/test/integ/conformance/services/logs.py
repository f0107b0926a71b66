import time

from steps import call, fails

GROUP = '/conformance/a'
PLACE = {'logGroupName': GROUP, 'logStreamName': 's'}
NOW = int(time.time() * 1000)

STEPS = [
    call('CreateLogGroup', logGroupName=GROUP),
    fails('ResourceAlreadyExistsException', 'CreateLogGroup', logGroupName=GROUP),
    fails('InvalidParameterException', 'CreateLogGroup', logGroupName='a b'),
    call('PutRetentionPolicy', logGroupName=GROUP, retentionInDays=7),
    call('DescribeLogGroups', logGroupNamePrefix='/conformance'),
    call('DeleteRetentionPolicy', logGroupName=GROUP),
    call('CreateLogStream', **PLACE),
    call('DescribeLogStreams', logGroupName=GROUP),
    call('PutLogEvents', **PLACE, logEvents=[{'timestamp': NOW, 'message': 'hello'}]),
    call('GetLogEvents', **PLACE),
    call('FilterLogEvents', logGroupName=GROUP, filterPattern='hello'),
    fails('ResourceNotFoundException', 'GetLogEvents', logGroupName=GROUP, logStreamName='none'),
    call('DeleteLogStream', **PLACE),
    call('DeleteLogGroup', logGroupName=GROUP),
    fails('ResourceNotFoundException', 'DeleteLogGroup', logGroupName=GROUP),
]
