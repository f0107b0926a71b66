import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import { csvLine, javaDouble } from './csv';
import type { EngineSession } from './engine';
import { quoteName, shownType } from './glue-types';
import type { QueryOutline } from './references';
import type { ResultColumn } from './store';

/** Columns of a query under Athena's names and types: what the query leaves unnamed is `_col` and its place. */
export function columnsOf(statement: DuckDBPreparedStatement, items: QueryOutline['items']): ResultColumn[] {
  const total = statement.columnCount;
  const star = items.indexOf('star');
  const behind = items.length - items.lastIndexOf('star') - 1;
  const isUnnamed = (index: number): boolean => {
    if (star < 0 || index < star) return items[index] === 'unnamed';
    return index >= total - behind && items[items.length - (total - index)] === 'unnamed';
  };
  return Array.from({ length: total }, (_, index) => ({
    name: isUnnamed(index) ? `_col${index}` : statement.columnName(index).toLowerCase(),
    ...shownType(String(statement.columnType(index))),
  }));
}

/** The query with sums of integers as bigint, which is what Trino makes of them. */
export function asTrino(query: string, statement: DuckDBPreparedStatement, columns: readonly ResultColumn[]): string {
  const huge = columns.filter((_, index) => String(statement.columnType(index)) === 'HUGEINT');
  if (huge.length === 0) return query;
  const names = columns.map(({ name }) => quoteName(name));
  const list = columns.map((column, index) =>
    huge.includes(column) ? `CAST(${names[index]} AS BIGINT) AS ${names[index]}` : names[index],
  );
  return `SELECT ${list.join(', ')} FROM (${query}\n) AS result(${names.join(', ')})`;
}

/** Runs a query and writes its rows as Athena's result file. */
export async function readRows(session: EngineSession, query: string, columns: readonly ResultColumn[]): Promise<Buffer> {
  const parts = [csvLine(columns.map(({ name }) => name))];
  const result = await session.connection.stream(query);
  for await (const rows of result.yieldRowsJson())
    for (const row of rows) parts.push(csvLine(row.map((value, index) => textOf(value, columns[index]?.type ?? ''))));
  return Buffer.from(parts.join(''));
}

function textOf(value: unknown, type: string): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (type === 'double' || type === 'float') return javaDouble(Number(value));
  if (type === 'timestamp') return milliseconds(String(value));
  if (type === 'timestamp with time zone') return `${milliseconds(String(value).replace(/\+00(:00)?$/, ''))} UTC`;
  return typeof value === 'object' ? nested(value) : String(value);
}

/** `2013-01-01 10:17:00.000`: Trino shows three places. */
function milliseconds(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  return `${whole}.${fraction.padEnd(3, '0').slice(0, 3)}`;
}

/** Arrays and rows as Athena writes them: `[a, b]`, `{x=1}`. */
function nested(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(nested).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([name, member]) => `${name}=${nested(member)}`)
      .join(', ')}}`;
  return String(value);
}
