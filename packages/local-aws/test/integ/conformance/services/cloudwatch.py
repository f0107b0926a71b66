import datetime
import json

from steps import call, fails

NOW = datetime.datetime.now(datetime.UTC)
RANGE = {'StartTime': NOW - datetime.timedelta(hours=1), 'EndTime': NOW + datetime.timedelta(hours=1)}
METRIC = {'Namespace': 'Conformance', 'MetricName': 'm'}
ALARM = {
    'AlarmName': 'conformance',
    **METRIC,
    'Statistic': 'Sum',
    'Period': 60,
    'EvaluationPeriods': 1,
    'Threshold': 1.0,
    'ComparisonOperator': 'GreaterThanThreshold',
}
ARN = 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:conformance'
QUERY = {'Id': 'q', 'MetricStat': {'Metric': METRIC, 'Period': 60, 'Stat': 'p90'}}
BOARD = json.dumps({'widgets': [{'type': 'text', 'properties': {'markdown': 'x'}}]})

STEPS = [
    call('PutMetricData', Namespace='Conformance', MetricData=[{'MetricName': 'm', 'Value': 1.0, 'Unit': 'Count'}]),
    fails('InvalidParameterValue', 'PutMetricData', Namespace='Conformance', MetricData=[{'MetricName': 'm', 'Value': float('nan')}]),
    fails(
        'InvalidParameterCombination',
        'PutMetricData',
        Namespace='Conformance',
        MetricData=[{'MetricName': 'm', 'Value': 1.0, 'Values': [1.0]}],
    ),
    call('ListMetrics', Namespace='Conformance'),
    call('GetMetricStatistics', **METRIC, **RANGE, Period=60, Statistics=['Sum', 'Average']),
    fails('MissingParameter', 'GetMetricStatistics', **METRIC, **RANGE, Period=60),
    call('GetMetricData', **RANGE, MetricDataQueries=[QUERY, {'Id': 'e', 'Expression': 'q * 2'}]),
    fails('ValidationError', 'GetMetricData', **RANGE, MetricDataQueries=[{'Id': 'e', 'Expression': 'nope('}]),
    call('PutMetricAlarm', **ALARM, Tags=[{'Key': 'a', 'Value': 'b'}]),
    fails('ValidationError', 'PutMetricAlarm', **{**ALARM, 'ComparisonOperator': 'About'}),
    call('DescribeAlarms', AlarmNames=['conformance']),
    call('DescribeAlarmsForMetric', **METRIC),
    call('SetAlarmState', AlarmName='conformance', StateValue='ALARM', StateReason='test'),
    fails('ResourceNotFound', 'SetAlarmState', AlarmName='none', StateValue='ALARM', StateReason='test'),
    call('DescribeAlarmHistory', AlarmName='conformance'),
    call('DisableAlarmActions', AlarmNames=['conformance']),
    call('EnableAlarmActions', AlarmNames=['conformance']),
    call('ListTagsForResource', ResourceARN=ARN),
    call('TagResource', ResourceARN=ARN, Tags=[{'Key': 'c', 'Value': 'd'}]),
    call('UntagResource', ResourceARN=ARN, TagKeys=['c']),
    call('DeleteAlarms', AlarmNames=['conformance']),
    call('PutDashboard', DashboardName='conformance', DashboardBody=BOARD),
    fails('InvalidParameterInput', 'PutDashboard', DashboardName='conformance', DashboardBody='no JSON'),
    call('GetDashboard', DashboardName='conformance'),
    fails('ResourceNotFound', 'GetDashboard', DashboardName='none'),
    call('ListDashboards'),
    call('DeleteDashboards', DashboardNames=['conformance']),
]
