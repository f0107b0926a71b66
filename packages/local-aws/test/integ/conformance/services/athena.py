from steps import call, fails, last, wait

QUERY = {'QueryExecutionId': last('StartQueryExecution', 'QueryExecutionId')}
RESULTS = {'ResultConfiguration': {'OutputLocation': 's3://athena-conformance/results/'}}
NONE = '00000000-0000-0000-0000-000000000000'


def ended(answer):
    return answer['QueryExecution']['Status']['State'] not in ('QUEUED', 'RUNNING')


STEPS = [
    call('CreateBucket', service='s3', Bucket='athena-conformance', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'}),
    call('CreateWorkGroup', Name='conformance', Configuration=RESULTS),
    fails('InvalidRequestException', 'CreateWorkGroup', Name='conformance', Configuration=RESULTS),
    call('GetWorkGroup', WorkGroup='conformance'),
    call('ListWorkGroups'),
    call('UpdateWorkGroup', WorkGroup='conformance', Description='d'),
    call('StartQueryExecution', QueryString="SELECT 1 AS a, 'x' AS b", WorkGroup='conformance'),
    wait('GetQueryExecution', ended, **QUERY),
    call('GetQueryResults', **QUERY),
    call('BatchGetQueryExecution', QueryExecutionIds=[QUERY['QueryExecutionId'], NONE]),
    call('ListQueryExecutions', WorkGroup='conformance'),
    call('StopQueryExecution', **QUERY),
    call('DeleteWorkGroup', WorkGroup='conformance', RecursiveDeleteOption=True),
]
