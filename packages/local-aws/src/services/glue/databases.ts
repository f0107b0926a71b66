import type * as Sdk from '@aws-sdk/client-glue';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { pageOf } from './paging';
import { checkedName, type DatabaseRecord, type GlueStore, nameOf } from './store';

/** Databases of the catalogue. */
export function databaseOperations(cloud: Cloud, store: GlueStore): Operations {
  const describe = ({ input, created }: DatabaseRecord): Sdk.Database => ({
    ...input,
    Name: nameOf(input.Name),
    CreateTime: new Date(created),
    CatalogId: cloud.account,
  });
  return {
    CreateDatabase: async (input: Sdk.CreateDatabaseCommandInput) => {
      store.checkCatalog(input.CatalogId);
      const name = checkedName(input.DatabaseInput?.Name, 'databaseInput.name');
      await cloud.storage.transaction(() => {
        if (store.databases.get(name) !== undefined) throw new AwsError('AlreadyExistsException', 'Database already exists.');
        void store.databases.put(name, { input: { ...input.DatabaseInput, Name: name }, created: cloud.clock.now() });
      });
      return {};
    },
    GetDatabase: (input: Sdk.GetDatabaseCommandInput) => {
      store.checkCatalog(input.CatalogId);
      return { Database: describe(store.database(input.Name)) };
    },
    GetDatabases: (input: Sdk.GetDatabasesCommandInput) => {
      store.checkCatalog(input.CatalogId);
      const all = [...store.databases.entries()].map(({ value }) => describe(value));
      const { items, next } = pageOf(all, input.MaxResults, input.NextToken);
      return { DatabaseList: items, ...next };
    },
    UpdateDatabase: async (input: Sdk.UpdateDatabaseCommandInput) => {
      store.checkCatalog(input.CatalogId);
      const known = store.database(input.Name);
      const name = nameOf(input.Name);
      await store.databases.put(name, { ...known, input: { ...input.DatabaseInput, Name: name } });
      return {};
    },
    DeleteDatabase: async (input: Sdk.DeleteDatabaseCommandInput) => {
      store.checkCatalog(input.CatalogId);
      store.database(input.Name);
      const name = nameOf(input.Name);
      await cloud.storage.transaction(() => {
        for (const table of [store.tables, store.versions])
          for (const { key } of [...table.under([name])]) void table.remove(key);
        void store.databases.remove(name);
      });
      return {};
    },
  };
}
