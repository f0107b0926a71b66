import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quoteName, quoteText } from './glue-types';

export const CATALOG = 'awsdatacatalog';

const THREADS = '2';
const MEMORY = '1GB';

/** What Trino calls otherwise; DuckDB reads it under Trino's names. */
const MACROS = [
  'to_unixtime(t) AS epoch(t)',
  'json_extract_scalar(j, p) AS json_extract_string(j, p)',
  'from_iso8601_timestamp(s) AS CAST(s AS TIMESTAMPTZ)',
  'from_unixtime(s) AS to_timestamp(s)',
  'sequence(a, b) AS generate_series(a, b)',
  'approx_percentile(x, p) AS quantile_cont(x, p)',
  'regexp_like(s, p) AS regexp_matches(s, p)',
  'approx_distinct(x) AS approx_count_distinct(x)',
  'day_of_week(d) AS isodow(d)',
  'day_of_year(d) AS dayofyear(d)',
  'is_nan(x) AS isnan(x)',
];

/** What tells the time tells that of the local AWS. */
const CLOCKS = [
  { name: 'now', type: 'TIMESTAMPTZ' },
  { name: 'get_current_timestamp', type: 'TIMESTAMPTZ' },
  { name: 'localtimestamp', type: 'TIMESTAMP' },
  { name: 'current_date', type: 'DATE' },
  { name: 'current_time', type: 'TIME' },
];

/** A DuckDB of one query: its catalogue holds the query's tables and nothing else; it reads and writes its folders only. */
export class EngineSession {
  private constructor(
    private readonly instance: DuckDBInstance,
    readonly connection: DuckDBConnection,
  ) {}

  /** `now`: what the clock of the local AWS says, epoch ms. */
  static async open(folder: string, now: number): Promise<EngineSession> {
    const spill = join(folder, 'spill');
    mkdirSync(spill, { recursive: true });
    const instance = await DuckDBInstance.create(':memory:', { threads: THREADS, memory_limit: MEMORY, temp_directory: spill });
    const connection = await instance.connect();
    const session = new EngineSession(instance, connection);
    const instant = quoteText(new Date(now).toISOString());
    const setup = [
      "SET GLOBAL TimeZone = 'UTC'",
      `SET allowed_directories = [${quoteText(folder)}]`,
      'SET enable_external_access = false',
      ...MACROS.map((macro) => `CREATE MACRO ${macro}`),
      ...CLOCKS.map(({ name, type }) => `CREATE MACRO ${quoteName(name)}() AS CAST(CAST(${instant} AS TIMESTAMPTZ) AS ${type})`),
      `ATTACH ':memory:' AS ${CATALOG}`,
    ];
    await session.run(setup.join(';\n'));
    return session;
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  /** Runs a statement beside others of this session. */
  async alongside(sql: string): Promise<void> {
    const connection = await this.instance.connect();
    try {
      await connection.run(sql);
    } finally {
      connection.closeSync();
    }
  }

  /** First column of the first row. */
  async value(sql: string): Promise<string> {
    const reader = await this.connection.runAndReadAll(sql);
    return String(reader.getRowsJson()[0]?.[0] ?? '');
  }

  /** Makes `database` the one of unqualified names and forbids further settings. */
  async enter(databases: Iterable<string>, database: string): Promise<void> {
    for (const name of new Set([...databases, database]))
      await this.run(`CREATE SCHEMA IF NOT EXISTS ${CATALOG}.${quoteName(name)}`);
    await this.run(
      `SET search_path = ${quoteText(`${CATALOG}.${quoteName(database)},memory.main`)}; SET lock_configuration = true`,
    );
  }

  /** Ends what runs now with an error. */
  interrupt(): void {
    this.connection.interrupt();
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}
