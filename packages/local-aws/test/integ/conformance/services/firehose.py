import json

from steps import call, fails, last, wait

STREAM = {'DeliveryStreamName': 'conformance'}
TRUST = json.dumps(
    {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'Service': 'firehose.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]}
)
DESTINATION = {
    'RoleARN': 'arn:aws:iam::000000000000:role/firehose-conformance',
    'BucketARN': 'arn:aws:s3:::firehose-conformance',
    'BufferingHints': {'SizeInMBs': 1, 'IntervalInSeconds': 60},
}
SOURCE = {
    'KinesisStreamARN': 'arn:aws:kinesis:eu-west-1:000000000000:stream/firehose-conformance',
    'RoleARN': DESTINATION['RoleARN'],
}

STEPS = [
    call('CreateRole', service='iam', RoleName='firehose-conformance', AssumeRolePolicyDocument=TRUST),
    call('CreateBucket', service='s3', Bucket='firehose-conformance', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'}),
    call('CreateStream', service='kinesis', StreamName='firehose-conformance', ShardCount=1),
    call('CreateDeliveryStream', **STREAM, ExtendedS3DestinationConfiguration=DESTINATION),
    fails('ResourceInUseException', 'CreateDeliveryStream', **STREAM, ExtendedS3DestinationConfiguration=DESTINATION),
    fails('InvalidArgumentException', 'CreateDeliveryStream', DeliveryStreamName='none'),
    wait('DescribeDeliveryStream', lambda answer: answer['DeliveryStreamDescription']['DeliveryStreamStatus'] == 'ACTIVE', **STREAM),
    fails('ResourceNotFoundException', 'DescribeDeliveryStream', DeliveryStreamName='none'),
    call('ListDeliveryStreams'),
    call('PutRecord', **STREAM, Record={'Data': b'{}\n'}),
    call('PutRecordBatch', **STREAM, Records=[{'Data': b'{}\n'}]),
    call('TagDeliveryStream', **STREAM, Tags=[{'Key': 'a', 'Value': 'b'}]),
    call('ListTagsForDeliveryStream', **STREAM),
    fails(
        'ConcurrentModificationException',
        'UpdateDestination',
        **STREAM,
        CurrentDeliveryStreamVersionId='99',
        DestinationId='destinationId-000000000001',
        ExtendedS3DestinationUpdate={'Prefix': 'a/'},
    ),
    call(
        'UpdateDestination',
        **STREAM,
        CurrentDeliveryStreamVersionId=last('DescribeDeliveryStream', 'DeliveryStreamDescription', 'VersionId'),
        DestinationId=last('DescribeDeliveryStream', 'DeliveryStreamDescription', 'Destinations', 0, 'DestinationId'),
        ExtendedS3DestinationUpdate={'Prefix': 'a/'},
    ),
    call('DeleteDeliveryStream', **STREAM),
]
