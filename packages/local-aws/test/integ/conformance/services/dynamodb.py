from steps import call, fails

TABLE = 'conformance'
ARN = f'arn:aws:dynamodb:eu-west-1:000000000000:table/{TABLE}'
KEY = {'id': {'S': 'a'}}
SCHEMA = {
    'KeySchema': [{'AttributeName': 'id', 'KeyType': 'HASH'}],
    'AttributeDefinitions': [{'AttributeName': 'id', 'AttributeType': 'S'}],
    'BillingMode': 'PAY_PER_REQUEST',
}
ITEM = {**KEY, 'n': {'N': '1.50'}, 'b': {'B': b'x'}, 'l': {'L': [{'BOOL': True}, {'NULL': True}]}, 's': {'SS': ['a']}}
ONE = {'Put': {'TableName': TABLE, 'Item': {'id': {'S': 'c'}}}}
OTHER = {'Put': {'TableName': TABLE, 'Item': {'id': {'S': 'd'}}}}

STEPS = [
    call('CreateTable', TableName=TABLE, **SCHEMA),
    fails('ResourceInUseException', 'CreateTable', TableName=TABLE, **SCHEMA),
    fails('ValidationException', 'CreateTable', TableName='a b', **SCHEMA),
    fails(
        'ValidationException',
        'CreateTable',
        TableName='streaming',
        StreamSpecification={'StreamEnabled': True, 'StreamViewType': 'KEYS_ONLY'},
        **SCHEMA,
    ),
    call('DescribeTable', TableName=TABLE),
    fails('ResourceNotFoundException', 'DescribeTable', TableName='none'),
    call('ListTables'),
    call('UpdateTable', TableName=TABLE, DeletionProtectionEnabled=False),
    call('UpdateTimeToLive', TableName=TABLE, TimeToLiveSpecification={'Enabled': True, 'AttributeName': 'ttl'}),
    call('DescribeTimeToLive', TableName=TABLE),
    call('UpdateContinuousBackups', TableName=TABLE, PointInTimeRecoverySpecification={'PointInTimeRecoveryEnabled': True}),
    call('DescribeContinuousBackups', TableName=TABLE),
    call('TagResource', ResourceArn=ARN, Tags=[{'Key': 'a', 'Value': 'b'}]),
    call('ListTagsOfResource', ResourceArn=ARN),
    call('UntagResource', ResourceArn=ARN, TagKeys=['a']),
    call('PutItem', TableName=TABLE, Item=ITEM, ReturnConsumedCapacity='TOTAL'),
    fails('ConditionalCheckFailedException', 'PutItem', TableName=TABLE, Item=ITEM, ConditionExpression='attribute_not_exists(id)'),
    call('GetItem', TableName=TABLE, Key=KEY, ConsistentRead=True),
    fails('ValidationException', 'GetItem', TableName=TABLE, Key={'other': {'S': 'a'}}),
    call(
        'UpdateItem', TableName=TABLE, Key=KEY, UpdateExpression='ADD n :one', ExpressionAttributeValues={':one': {'N': '1'}}, ReturnValues='ALL_NEW'
    ),
    call('Query', TableName=TABLE, KeyConditionExpression='id = :id', ExpressionAttributeValues={':id': {'S': 'a'}}),
    call('Scan', TableName=TABLE),
    call('BatchWriteItem', RequestItems={TABLE: [{'PutRequest': {'Item': {'id': {'S': 'b'}}}}]}),
    call('BatchGetItem', RequestItems={TABLE: {'Keys': [KEY]}}),
    call('TransactWriteItems', TransactItems=[ONE], ClientRequestToken='token'),
    fails('IdempotentParameterMismatchException', 'TransactWriteItems', TransactItems=[OTHER], ClientRequestToken='token'),
    fails(
        'TransactionCanceledException',
        'TransactWriteItems',
        TransactItems=[{'ConditionCheck': {'TableName': TABLE, 'Key': KEY, 'ConditionExpression': 'attribute_not_exists(id)'}}],
    ),
    call('TransactGetItems', TransactItems=[{'Get': {'TableName': TABLE, 'Key': KEY}}]),
    call('DeleteItem', TableName=TABLE, Key=KEY, ReturnValues='ALL_OLD'),
    call('DeleteTable', TableName=TABLE),
]
