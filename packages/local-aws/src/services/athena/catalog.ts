import type * as Glue from '@aws-sdk/client-glue';
import type { Caller, Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import { CATALOG, type EngineSession } from './engine';
import { placeOf, QueryFailure } from './failure';
import { duckType, quoteName, quoteText } from './glue-types';
import { layoutOf, type TableLayout } from './layout';
import type { LocalCopies } from './local-copies';
import type { TableReference } from './references';

/** Makes the tables that a query names, as the caller may see them; gives the bytes of their objects. */
export async function openTables(
  cloud: Cloud,
  copies: LocalCopies,
  session: EngineSession,
  query: { readonly sql: string; readonly database: string; readonly tables: readonly TableReference[]; readonly caller: Caller },
): Promise<number> {
  const { caller, sql } = query;
  const byName = new Map<string, Required<TableReference>>();
  for (const reference of query.tables) {
    const database = reference.database ?? query.database;
    byName.set(`${database}.${reference.table}`, { ...reference, database });
  }
  await session.enter(
    [...byName.values()].map(({ database }) => database),
    query.database,
  );
  const today = new Date(cloud.clock.now()).toISOString().slice(0, 10);
  let bytes = 0;
  for (const { database, table, offset } of byName.values()) {
    const known = await glueTable(cloud, database, table, caller, placeOf(sql, offset));
    const layout = layoutOf(known, today);
    const found = await copies.of(layout, caller);
    bytes += found.bytes;
    const name = `${CATALOG}.${quoteName(database)}.${quoteName(table)}`;
    await session.run(`CREATE VIEW ${name} AS ${viewOf(layout, found.files)}`);
  }
  return bytes;
}

async function glueTable(cloud: Cloud, database: string, name: string, caller: Caller, place: string): Promise<Glue.Table> {
  try {
    const input = { DatabaseName: database, Name: name };
    return (await cloud.call<{ Table: Glue.Table }>('glue', 'GetTable', input, caller)).Table;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code !== 'EntityNotFoundException') throw new QueryFailure(`PERMISSION_DENIED: ${error.message}`);
    if (error.message.startsWith('Database'))
      throw new QueryFailure(`SCHEMA_NOT_FOUND: ${place}: Schema '${database}' does not exist`);
    throw new QueryFailure(`TABLE_NOT_FOUND: ${place}: Table '${CATALOG}.${database}.${name}' does not exist`);
  }
}

function viewOf({ columns, partitionKeys }: TableLayout, files: readonly string[]): string {
  const all = [...columns, ...partitionKeys];
  if (files.length === 0)
    return `SELECT ${all.map(({ name, type }) => `CAST(NULL AS ${duckType(type)}) AS ${quoteName(name)}`).join(', ')} WHERE false`;
  const names = all.map(({ name }) => quoteName(name)).join(', ');
  const hive = partitionKeys.map(({ name, type }) => `${quoteText(name)}: ${duckType(type)}`).join(', ');
  const partitions =
    partitionKeys.length === 0 ? 'hive_partitioning = false' : `hive_partitioning = true, hive_types = {${hive}}`;
  return `SELECT ${names} FROM read_parquet([${files.map(quoteText).join(', ')}], ${partitions})`;
}
