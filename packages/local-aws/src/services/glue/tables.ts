import type * as Sdk from '@aws-sdk/client-glue';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { pageOf } from './paging';
import { checkedName, entityNotFound, type GlueStore, invalidInput, nameOf, type TableRecord } from './store';

type Keyed = { readonly CatalogId?: string | undefined; readonly DatabaseName?: string | undefined };

/** What the operations share. */
function tableScope(cloud: Cloud, store: GlueStore) {
  const describe = (record: TableRecord): Sdk.Table => {
    const { input, version, created, updated, database, by } = record;
    return {
      ...input,
      Name: nameOf(input.Name),
      DatabaseName: database,
      CreateTime: new Date(created),
      UpdateTime: new Date(updated),
      CreatedBy: by,
      Retention: input.Retention ?? 0,
      IsRegisteredWithLakeFormation: false,
      CatalogId: cloud.account,
      VersionId: String(version),
    };
  };
  const list = (input: Sdk.GetTablesCommandInput): Sdk.Table[] => {
    store.checkCatalog(input.CatalogId);
    store.database(input.DatabaseName);
    const pattern = new RegExp(`^(?:${(input.Expression ?? '.*').replaceAll(/(?<!\.)\*/g, '.*')})$`);
    return [...store.tables.under([nameOf(input.DatabaseName)])]
      .map(({ value }) => describe(value))
      .filter(({ Name }) => pattern.test(Name ?? ''));
  };
  const versionsOf = (input: Keyed & { readonly TableName?: string | undefined }): Sdk.TableVersion[] => {
    store.checkCatalog(input.CatalogId);
    const { database, input: table } = store.table(input.DatabaseName, input.TableName);
    return [...store.versions.under([database, nameOf(table.Name)], { reverse: true })].map(({ value }) => ({
      Table: describe(value),
      VersionId: String(value.version),
    }));
  };
  return { store, describe, list, versionsOf };
}
type TableScope = ReturnType<typeof tableScope>;

function getTable({ store, describe }: TableScope, input: Sdk.GetTableCommandInput) {
  store.checkCatalog(input.CatalogId);
  return { Table: describe(store.table(input.DatabaseName, input.Name)) };
}

function getTables({ list }: TableScope, input: Sdk.GetTablesCommandInput) {
  const { items, next } = pageOf(list(input), input.MaxResults, input.NextToken);
  return { TableList: items, ...next };
}

function getTableVersion({ versionsOf }: TableScope, input: Sdk.GetTableVersionCommandInput) {
  const all = versionsOf(input);
  const found = input.VersionId === undefined ? all[0] : all.find(({ VersionId }) => VersionId === input.VersionId);
  if (found === undefined) throw entityNotFound(`Version ${input.VersionId} of table ${nameOf(input.TableName)} not found.`);
  return { TableVersion: found };
}

function getTableVersions({ versionsOf }: TableScope, input: Sdk.GetTableVersionsCommandInput) {
  const { items, next } = pageOf(versionsOf(input), input.MaxResults, input.NextToken);
  return { TableVersions: items, ...next };
}

/** No operation of the local AWS makes partitions: partition projection has none, and Feature Store's tables need none. */
function getPartitions({ store }: TableScope, input: Sdk.GetPartitionsCommandInput) {
  store.checkCatalog(input.CatalogId);
  store.table(input.DatabaseName, input.TableName);
  return { Partitions: [] };
}

/** Tables of the catalogue and their versions. */
export function tableOperations(cloud: Cloud, store: GlueStore): Operations {
  const scope = tableScope(cloud, store);
  return {
    ...writes(cloud, store),
    GetTable: (input: Sdk.GetTableCommandInput) => getTable(scope, input),
    GetTables: (input: Sdk.GetTablesCommandInput) => getTables(scope, input),
    GetTableVersion: (input: Sdk.GetTableVersionCommandInput) => getTableVersion(scope, input),
    GetTableVersions: (input: Sdk.GetTableVersionsCommandInput) => getTableVersions(scope, input),

    GetPartitions: (input: Sdk.GetPartitionsCommandInput) => getPartitions(scope, input),
  };
}

function writes(cloud: Cloud, store: GlueStore): Operations {
  const keep = (record: TableRecord): void => {
    const name = nameOf(record.input.Name);
    void store.tables.put([record.database, name], record);
    void store.versions.put([record.database, name, record.version], record);
  };
  const remove = (database: string, name: string): void => {
    for (const { key } of [...store.versions.under([database, name])]) void store.versions.remove(key);
    void store.tables.remove([database, name]);
  };
  return {
    CreateTable: async (input: Sdk.CreateTableCommandInput, { caller }) => {
      store.checkCatalog(input.CatalogId);
      if (input.OpenTableFormatInput !== undefined)
        throw invalidInput('The local AWS makes no Iceberg metadata: OpenTableFormatInput is not supported');
      store.database(input.DatabaseName);
      const database = nameOf(input.DatabaseName);
      const name = checkedName(input.TableInput?.Name, 'tableInput.name');
      checkColumns(input.TableInput);
      const now = cloud.clock.now();
      await cloud.storage.transaction(() => {
        if (store.tables.get([database, name]) !== undefined)
          throw new AwsError('AlreadyExistsException', 'Table already exists.');
        const table = { ...input.TableInput, Name: name };
        keep({ database, input: table, version: 0, created: now, updated: now, by: caller.arn });
      });
      return {};
    },
    UpdateTable: async (input: Sdk.UpdateTableCommandInput) => {
      store.checkCatalog(input.CatalogId);
      checkColumns(input.TableInput);
      await cloud.storage.transaction(() => {
        const known = store.table(input.DatabaseName, input.TableInput?.Name);
        if (input.VersionId !== undefined && input.VersionId !== String(known.version))
          throw new AwsError('ConcurrentModificationException', 'Update table failed due to concurrent modifications.');
        const table = { ...input.TableInput, Name: nameOf(known.input.Name) };
        keep({ ...known, input: table, version: known.version + 1, updated: cloud.clock.now() });
      });
      return {};
    },
    DeleteTable: async (input: Sdk.DeleteTableCommandInput) => {
      store.checkCatalog(input.CatalogId);
      const { database, input: table } = store.table(input.DatabaseName, input.Name);
      await cloud.storage.transaction(() => remove(database, nameOf(table.Name)));
      return {};
    },
  };
}

function checkColumns(table: Sdk.TableInput | undefined): void {
  const columns = [...(table?.StorageDescriptor?.Columns ?? []), ...(table?.PartitionKeys ?? [])].map(({ Name }) => nameOf(Name));
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw invalidInput(`Duplicate column name: ${twice}`);
}
