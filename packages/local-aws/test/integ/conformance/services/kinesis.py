from steps import call, fails, last

STREAM = 'conformance'
ARN = f'arn:aws:kinesis:eu-west-1:000000000000:stream/{STREAM}'
SHARD = 'shardId-000000000000'
KEY = last('CreateKey', 'KeyMetadata', 'KeyId')

STEPS = [
    call('CreateStream', StreamName=STREAM, ShardCount=1),
    fails('ResourceInUseException', 'CreateStream', StreamName=STREAM, ShardCount=1),
    fails('ValidationException', 'CreateStream', StreamName='a b', ShardCount=1),
    call('ListStreams'),
    call('DescribeStream', StreamName=STREAM),
    fails('ResourceNotFoundException', 'DescribeStream', StreamName='none'),
    call('DescribeStreamSummary', StreamName=STREAM),
    call('ListShards', StreamName=STREAM),
    call('PutRecord', StreamName=STREAM, PartitionKey='k', Data=b'one'),
    fails('InvalidArgumentException', 'PutRecord', StreamName=STREAM, PartitionKey='k', Data=b'one', ExplicitHashKey=str(2**128)),
    call('PutRecords', StreamName=STREAM, Records=[{'PartitionKey': 'k', 'Data': b'two'}]),
    call('GetShardIterator', StreamName=STREAM, ShardId=SHARD, ShardIteratorType='TRIM_HORIZON'),
    call('GetRecords', ShardIterator=last('GetShardIterator', 'ShardIterator')),
    call('AddTagsToStream', StreamName=STREAM, Tags={'a': 'b'}),
    call('ListTagsForStream', StreamName=STREAM),
    call('RemoveTagsFromStream', StreamName=STREAM, TagKeys=['a']),
    call('TagResource', ResourceARN=ARN, Tags={'a': 'b'}),
    call('ListTagsForResource', ResourceARN=ARN),
    call('UntagResource', ResourceARN=ARN, TagKeys=['a']),
    call('IncreaseStreamRetentionPeriod', StreamName=STREAM, RetentionPeriodHours=48),
    call('DecreaseStreamRetentionPeriod', StreamName=STREAM, RetentionPeriodHours=24),
    call('UpdateMaxRecordSize', StreamARN=ARN, MaxRecordSizeInKiB=2048),
    call('UpdateStreamMode', StreamARN=ARN, StreamModeDetails={'StreamMode': 'PROVISIONED'}),
    call('StartStreamEncryption', StreamName=STREAM, EncryptionType='KMS', KeyId='alias/none'),
    fails('KMSNotFoundException', 'PutRecord', StreamName=STREAM, PartitionKey='k', Data=b'one'),
    call('CreateKey', service='kms'),
    call('StartStreamEncryption', StreamName=STREAM, EncryptionType='KMS', KeyId=KEY),
    call('DisableKey', service='kms', KeyId=KEY),
    fails('KMSDisabledException', 'PutRecord', StreamName=STREAM, PartitionKey='k', Data=b'one'),
    call('ScheduleKeyDeletion', service='kms', KeyId=KEY, PendingWindowInDays=7),
    fails('KMSInvalidStateException', 'PutRecord', StreamName=STREAM, PartitionKey='k', Data=b'one'),
    call('StopStreamEncryption', StreamName=STREAM, EncryptionType='KMS', KeyId=KEY),
    call('DeleteStream', StreamName=STREAM),
]
