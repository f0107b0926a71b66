from steps import call, fails, last

TOPIC = last('CreateTopic', 'TopicArn')
QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:listener'
SUBSCRIPTION = last('Subscribe', 'SubscriptionArn')
NONE = 'arn:aws:sns:eu-west-1:000000000000:none'

STEPS = [
    call('CreateQueue', service='sqs', QueueName='listener'),
    call('CreateTopic', Name='conformance', Tags=[{'Key': 'a', 'Value': 'b'}]),
    call('ListTopics'),
    call('GetTopicAttributes', TopicArn=TOPIC),
    fails('NotFound', 'GetTopicAttributes', TopicArn=NONE),
    call('SetTopicAttributes', TopicArn=TOPIC, AttributeName='DisplayName', AttributeValue='d'),
    call('ListTagsForResource', ResourceArn=TOPIC),
    call('TagResource', ResourceArn=TOPIC, Tags=[{'Key': 'c', 'Value': 'd'}]),
    call('UntagResource', ResourceArn=TOPIC, TagKeys=['c']),
    call('Subscribe', TopicArn=TOPIC, Protocol='sqs', Endpoint=QUEUE, ReturnSubscriptionArn=True),
    fails('InvalidParameter', 'Subscribe', TopicArn=TOPIC, Protocol='carrier-pigeon', Endpoint='x'),
    call('ListSubscriptions'),
    call('ListSubscriptionsByTopic', TopicArn=TOPIC),
    call('GetSubscriptionAttributes', SubscriptionArn=SUBSCRIPTION),
    call('SetSubscriptionAttributes', SubscriptionArn=SUBSCRIPTION, AttributeName='RawMessageDelivery', AttributeValue='true'),
    call('Publish', TopicArn=TOPIC, Message='hello'),
    call('PublishBatch', TopicArn=TOPIC, PublishBatchRequestEntries=[{'Id': '1', 'Message': 'a'}]),
    fails('EmptyBatchRequest', 'PublishBatch', TopicArn=TOPIC, PublishBatchRequestEntries=[]),
    fails(
        'TooManyEntriesInBatchRequest',
        'PublishBatch',
        TopicArn=TOPIC,
        PublishBatchRequestEntries=[{'Id': str(index), 'Message': 'a'} for index in range(11)],
    ),
    call('Unsubscribe', SubscriptionArn=SUBSCRIPTION),
    call('DeleteTopic', TopicArn=TOPIC),
]
