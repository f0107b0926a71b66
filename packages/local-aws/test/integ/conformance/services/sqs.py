from steps import call, fails, last

URL = last('CreateQueue', 'QueueUrl')
HANDLE = last('ReceiveMessage', 'Messages', 0, 'ReceiptHandle')
FAR = 'http://127.0.0.1/000000000000/none'

STEPS = [
    call('CreateQueue', QueueName='conformance', Attributes={'VisibilityTimeout': '30'}, tags={'a': 'b'}),
    fails('QueueAlreadyExists', 'CreateQueue', QueueName='conformance', Attributes={'VisibilityTimeout': '31'}),
    fails('InvalidAttributeName', 'CreateQueue', QueueName='fifo', Attributes={'FifoQueue': 'true'}),
    fails('InvalidAttributeValue', 'CreateQueue', QueueName='long', Attributes={'VisibilityTimeout': '43201'}),
    call('GetQueueUrl', QueueName='conformance'),
    fails('AWS.SimpleQueueService.NonExistentQueue', 'GetQueueUrl', QueueName='none'),
    call('ListQueues'),
    call('GetQueueAttributes', QueueUrl=URL, AttributeNames=['All']),
    call('SetQueueAttributes', QueueUrl=URL, Attributes={'VisibilityTimeout': '20'}),
    call('ListQueueTags', QueueUrl=URL),
    call('TagQueue', QueueUrl=URL, Tags={'c': 'd'}),
    call('UntagQueue', QueueUrl=URL, TagKeys=['c']),
    call('ListDeadLetterSourceQueues', QueueUrl=URL),
    call('SendMessage', QueueUrl=URL, MessageBody='one', MessageAttributes={'a': {'DataType': 'String', 'StringValue': 'b'}}),
    call('SendMessageBatch', QueueUrl=URL, Entries=[{'Id': '1', 'MessageBody': 'two'}]),
    fails('AWS.SimpleQueueService.EmptyBatchRequest', 'SendMessageBatch', QueueUrl=URL, Entries=[]),
    fails('AWS.SimpleQueueService.BatchEntryIdsNotDistinct', 'SendMessageBatch', QueueUrl=URL, Entries=[{'Id': '1', 'MessageBody': 'x'}] * 2),
    fails(
        'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
        'SendMessageBatch',
        QueueUrl=URL,
        Entries=[{'Id': str(index), 'MessageBody': 'x'} for index in range(11)],
    ),
    fails(
        'AWS.SimpleQueueService.BatchRequestTooLong',
        'SendMessageBatch',
        QueueUrl=URL,
        Entries=[{'Id': str(index), 'MessageBody': 'x' * 700_000} for index in range(2)],
    ),
    call('ReceiveMessage', QueueUrl=URL, MessageAttributeNames=['All'], MessageSystemAttributeNames=['All']),
    call('ChangeMessageVisibility', QueueUrl=URL, ReceiptHandle=HANDLE, VisibilityTimeout=60),
    call('ChangeMessageVisibilityBatch', QueueUrl=URL, Entries=[{'Id': '1', 'ReceiptHandle': HANDLE, 'VisibilityTimeout': 60}]),
    call('DeleteMessage', QueueUrl=URL, ReceiptHandle=HANDLE),
    fails('ReceiptHandleIsInvalid', 'DeleteMessage', QueueUrl=URL, ReceiptHandle='nonsense'),
    call('DeleteMessageBatch', QueueUrl=URL, Entries=[{'Id': '1', 'ReceiptHandle': HANDLE}]),
    call('PurgeQueue', QueueUrl=URL),
    fails('AWS.SimpleQueueService.NonExistentQueue', 'SendMessage', QueueUrl=FAR, MessageBody='x'),
    call('DeleteQueue', QueueUrl=URL),
]
