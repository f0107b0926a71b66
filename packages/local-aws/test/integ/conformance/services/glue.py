from steps import call, fails

DATABASE = {'DatabaseName': 'conformance'}
TABLE = {
    'Name': 't',
    'TableType': 'EXTERNAL_TABLE',
    'StorageDescriptor': {'Columns': [{'Name': 'a', 'Type': 'string'}], 'Location': 's3://lake/t/'},
    'PartitionKeys': [{'Name': 'day', 'Type': 'string'}],
    'Parameters': {'projection.enabled': 'false'},
}

STEPS = [
    call('CreateDatabase', DatabaseInput={'Name': 'conformance', 'Description': 'd'}),
    fails('AlreadyExistsException', 'CreateDatabase', DatabaseInput={'Name': 'conformance'}),
    call('GetDatabase', Name='conformance'),
    fails('EntityNotFoundException', 'GetDatabase', Name='none'),
    fails('InvalidInputException', 'GetDatabase', Name='conformance', CatalogId='111111111111'),
    call('GetDatabases'),
    call('UpdateDatabase', Name='conformance', DatabaseInput={'Name': 'conformance', 'Description': 'e'}),
    call('CreateTable', **DATABASE, TableInput=TABLE),
    fails('AlreadyExistsException', 'CreateTable', **DATABASE, TableInput=TABLE),
    call('GetTable', **DATABASE, Name='t'),
    call('GetTables', **DATABASE),
    call('UpdateTable', **DATABASE, TableInput={**TABLE, 'Description': 'd'}),
    fails('ConcurrentModificationException', 'UpdateTable', **DATABASE, TableInput=TABLE, VersionId='99'),
    call('GetTableVersion', **DATABASE, TableName='t', VersionId='0'),
    call('GetTableVersions', **DATABASE, TableName='t'),
    call('GetPartitions', **DATABASE, TableName='t'),
    call('DeleteTable', **DATABASE, Name='t'),
    call('DeleteDatabase', Name='conformance'),
]
