import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  GetTableVersionsCommand,
  GlueClient,
  UpdateDatabaseCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { LocalCloud } from '../../../src/server';

const stateDir = mkdtempSync(join(tmpdir(), 'glue-'));
let cloud: LocalCloud;
let glue: GlueClient;

async function open(): Promise<void> {
  cloud = await LocalCloud.start({ stateDir });
  const credentials = await cloud.identities.root();
  glue = new GlueClient({ region: cloud.region, endpoint: cloud.endpoint, credentials, maxAttempts: 1 });
}

async function close(): Promise<void> {
  glue.destroy();
  await cloud.stop();
}

const table = (Name: string, ...columns: string[]) => ({
  Name,
  StorageDescriptor: { Columns: columns.map((name) => ({ Name: name, Type: 'string' })), Location: 's3://lake/t/' },
  PartitionKeys: [{ Name: 'day', Type: 'string' }],
});

beforeAll(open);
afterAll(async () => {
  await close();
  rmSync(stateDir, { recursive: true, force: true });
});

test('databases are made once, kept in lower case, changed, listed and deleted with their tables', async () => {
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'Lake', Description: 'one' } }));
  await glue.send(new UpdateDatabaseCommand({ Name: 'lake', DatabaseInput: { Name: 'lake', Description: 'two' } }));
  await glue.send(new CreateTableCommand({ DatabaseName: 'lake', TableInput: table('t', 'a') }));
  const { Database } = await glue.send(new GetDatabaseCommand({ Name: 'LAKE' }));

  expect(Database).toMatchObject({ Name: 'lake', Description: 'two', CatalogId: '000000000000' });
  await expect(glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'lake' } }))).rejects.toMatchObject({
    name: 'AlreadyExistsException',
    message: 'Database already exists.',
  });
  await glue.send(new DeleteDatabaseCommand({ Name: 'lake' }));
  expect((await glue.send(new GetDatabasesCommand({}))).DatabaseList).toEqual([]);
  await expect(glue.send(new GetTableCommand({ DatabaseName: 'lake', Name: 't' }))).rejects.toMatchObject({
    name: 'EntityNotFoundException',
    message: 'Database lake not found.',
  });
});

test('an update makes a new version of a table; one that is based on an older version is refused; tables survive a restart', async () => {
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'db' } }));
  await glue.send(new CreateTableCommand({ DatabaseName: 'db', TableInput: table('Events', 'a') }));
  await glue.send(new UpdateTableCommand({ DatabaseName: 'db', TableInput: table('events', 'a', 'b') }));
  await close();
  await open();
  const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'db', Name: 'EVENTS' }));
  const { TableVersions } = await glue.send(new GetTableVersionsCommand({ DatabaseName: 'db', TableName: 'events' }));
  const stale = new UpdateTableCommand({ DatabaseName: 'db', TableInput: table('events', 'c'), VersionId: '0' });

  expect(Table).toMatchObject({ Name: 'events', VersionId: '1', DatabaseName: 'db' });
  expect(Table?.StorageDescriptor?.Columns?.map(({ Name }) => Name)).toEqual(['a', 'b']);
  expect(TableVersions?.map(({ VersionId }) => VersionId)).toEqual(['1', '0']);
  await expect(glue.send(stale)).rejects.toMatchObject({ name: 'ConcurrentModificationException' });
});

test('tables are listed by pattern in pages; a projected table has no partitions; what is gone is not found', async () => {
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'many' } }));
  for (const name of ['x1', 'x2', 'y1'])
    await glue.send(new CreateTableCommand({ DatabaseName: 'many', TableInput: table(name, 'a') }));
  const page = await glue.send(new GetTablesCommand({ DatabaseName: 'many', Expression: 'x*', MaxResults: 1 }));
  const rest = await glue.send(new GetTablesCommand({ DatabaseName: 'many', Expression: 'x*', NextToken: page.NextToken }));
  await glue.send(new DeleteTableCommand({ DatabaseName: 'many', Name: 'x1' }));

  expect([...(page.TableList ?? []), ...(rest.TableList ?? [])].map(({ Name }) => Name)).toEqual(['x1', 'x2']);
  expect((await glue.send(new GetPartitionsCommand({ DatabaseName: 'many', TableName: 'y1' }))).Partitions).toEqual([]);
  await expect(glue.send(new GetTableCommand({ DatabaseName: 'many', Name: 'x1' }))).rejects.toThrow('Table x1 not found.');
  const twice = new CreateTableCommand({ DatabaseName: 'many', TableInput: table('z', 'day') });
  await expect(glue.send(twice)).rejects.toThrow('Duplicate column name: day');
});
