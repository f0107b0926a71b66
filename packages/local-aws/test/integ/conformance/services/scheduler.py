import json

from steps import call, fails

TRUST = json.dumps(
    {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'Service': 'scheduler.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]}
)
SCHEDULE = {
    'Name': 'conformance',
    'ScheduleExpression': 'cron(0 0 1 1 ? 2099)',
    'FlexibleTimeWindow': {'Mode': 'OFF'},
    'Target': {
        'Arn': 'arn:aws:lambda:eu-west-1:000000000000:function:none',
        'RoleArn': 'arn:aws:iam::000000000000:role/scheduler-conformance',
    },
}

STEPS = [
    call('CreateRole', service='iam', RoleName='scheduler-conformance', AssumeRolePolicyDocument=TRUST),
    call('CreateScheduleGroup', Name='conformance'),
    fails('ConflictException', 'CreateScheduleGroup', Name='conformance'),
    call('GetScheduleGroup', Name='conformance'),
    call('ListScheduleGroups'),
    call('CreateSchedule', **SCHEDULE),
    fails('ConflictException', 'CreateSchedule', **SCHEDULE),
    fails('ValidationException', 'CreateSchedule', **{**SCHEDULE, 'Name': 'bad', 'ScheduleExpression': 'often'}),
    call('GetSchedule', Name='conformance'),
    fails('ResourceNotFoundException', 'GetSchedule', Name='none'),
    call('ListSchedules'),
    call('UpdateSchedule', **{**SCHEDULE, 'ScheduleExpression': 'cron(0 0 2 1 ? 2099)'}),
    call('DeleteSchedule', Name='conformance'),
    call('DeleteScheduleGroup', Name='conformance'),
]
