from steps import call, fails, wait

GROUP = {'FeatureGroupName': 'records'}
RECORD = [{'FeatureName': 'id', 'ValueAsString': 'a'}, {'FeatureName': 'at', 'ValueAsString': '2026-01-01T00:00:00Z'}]
FEATURES = {
    **GROUP,
    'RecordIdentifierFeatureName': 'id',
    'EventTimeFeatureName': 'at',
    'FeatureDefinitions': [{'FeatureName': 'id', 'FeatureType': 'String'}, {'FeatureName': 'at', 'FeatureType': 'String'}],
    'OnlineStoreConfig': {'EnableOnlineStore': True},
}


def created(answer):
    return answer['FeatureGroupStatus'] == 'Created'


STEPS = [
    call('CreateFeatureGroup', service='sagemaker', **FEATURES),
    wait('DescribeFeatureGroup', created, service='sagemaker', **GROUP),
    call('PutRecord', **GROUP, Record=RECORD),
    fails('ValidationError', 'PutRecord', **GROUP, Record=RECORD[:1]),
    call('BatchWriteRecord', Entries=[{**GROUP, 'Record': RECORD}]),
    call('GetRecord', **GROUP, RecordIdentifierValueAsString='a'),
    fails('ResourceNotFound', 'GetRecord', FeatureGroupName='none', RecordIdentifierValueAsString='a'),
    call('BatchGetRecord', Identifiers=[{**GROUP, 'RecordIdentifiersValueAsString': ['a', 'none']}]),
    call('ListRecords', **GROUP),
    call('DeleteRecord', **GROUP, RecordIdentifierValueAsString='a', EventTime='2026-01-02T00:00:00Z'),
]
