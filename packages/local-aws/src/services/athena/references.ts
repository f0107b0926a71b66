import { placeOf, QueryFailure } from './failure';

/** A table that a query names, with the place where it does. */
export interface TableReference {
  /** Absent = the query's own database. */
  readonly database?: string;
  readonly table: string;
  readonly offset: number;
}

export interface QueryOutline {
  readonly tables: readonly TableReference[];
  /** What the query's list of columns consists of. */
  readonly items: readonly ('star' | 'named' | 'unnamed')[];
}

type Node = Readonly<Record<string, unknown>>;

const TABLE_FUNCTIONS = new Set(['unnest', 'generate_series', 'range', 'sequence']);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads what DuckDB's parser makes of a query (`json_serialize_sql`). Throws for a text that is no query. */
export function outlineOf(serialized: string, sql: string): QueryOutline {
  // Absent places are 2^64 - 1 there, which no JavaScript number holds; they are not read.
  const parsed: unknown = JSON.parse(serialized);
  if (!isNode(parsed)) throw new Error('DuckDB serialized no statement');
  if (parsed.error === true) {
    const place = placeOf(sql, Number(parsed.position ?? 0));
    throw new QueryFailure(`SYNTAX_ERROR: ${place}: ${String(parsed.error_message)}`);
  }
  const statements = Array.isArray(parsed.statements) ? parsed.statements : [];
  const tables: TableReference[] = [];
  for (const statement of statements) visit(statement, new Set(), sql, tables);
  const first: unknown = statements[0];
  return { tables, items: isNode(first) && isNode(first.node) ? resultItems(first.node) : [] };
}

/** Collects base tables; names of common table expressions hide tables from where they are defined on. */
function visit(value: unknown, hidden: ReadonlySet<string>, sql: string, tables: TableReference[]): void {
  if (Array.isArray(value)) for (const item of value) visit(item, hidden, sql, tables);
  if (!isNode(value)) return;
  let names = hidden;
  if (isNode(value.cte_map) && Array.isArray(value.cte_map.map)) {
    for (const entry of value.cte_map.map.filter(isNode)) {
      const known = new Set([...names, String(entry.key).toLowerCase()]);
      // Only a recursive expression sees its own name.
      visit(entry.value, isRecursive(entry.value) ? known : names, sql, tables);
      names = known;
    }
  }
  if (value.type === 'BASE_TABLE') reference(value, names, sql, tables);
  if (value.type === 'TABLE_FUNCTION' && isNode(value.function)) {
    const name = String(value.function.function_name).toLowerCase();
    if (!TABLE_FUNCTIONS.has(name))
      throw new QueryFailure(
        `FUNCTION_NOT_FOUND: ${placeOf(sql, Number(value.query_location))}: Table function '${name}' not registered`,
      );
  }
  for (const [key, member] of Object.entries(value)) if (key !== 'cte_map') visit(member, names, sql, tables);
}

function isRecursive(definition: unknown): boolean {
  return (
    isNode(definition) &&
    isNode(definition.query) &&
    isNode(definition.query.node) &&
    definition.query.node.type === 'RECURSIVE_CTE_NODE'
  );
}

function reference(node: Node, hidden: ReadonlySet<string>, sql: string, tables: TableReference[]): void {
  const [catalog, database, table] = [node.catalog_name, node.schema_name, node.table_name].map((name) =>
    String(name).toLowerCase(),
  ) as [string, string, string];
  const offset = Number(node.query_location);
  if (catalog !== '' && catalog !== 'awsdatacatalog')
    throw new QueryFailure(`CATALOG_NOT_FOUND: ${placeOf(sql, offset)}: Catalog '${catalog}' does not exist`);
  if (database === '' && hidden.has(table)) return;
  tables.push({ table, offset, ...(database === '' ? {} : { database }) });
}

function resultItems(node: Node): QueryOutline['items'] {
  const list = (Array.isArray(node.select_list) ? node.select_list : []).filter(isNode);
  return list.map((item) => {
    if (item.class === 'STAR') return 'star';
    return item.alias === '' && item.class !== 'COLUMN_REF' ? 'unnamed' : 'named';
  });
}
