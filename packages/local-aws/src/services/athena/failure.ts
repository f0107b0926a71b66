/** Why a query failed, as Athena reports it. */
export class QueryFailure extends Error {
  constructor(
    message: string,
    /** 1 system, 2 user, 3 other. */
    readonly category: 1 | 2 | 3 = 2,
    readonly type = 1006,
  ) {
    super(message);
  }
}

/** `line 1:8` of an offset in a text. */
export function placeOf(sql: string, offset: number): string {
  const before = sql.slice(0, offset).split('\n');
  return `line ${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

/** Where DuckDB's `LINE n: ...` and its caret point to in `sql`; the beginning if it names no place. */
function placeIn(message: string, sql: string): string {
  const match = /LINE (\d+): (.*)\n( *)\^/.exec(message);
  if (match === null) return 'line 1:1';
  const [, line = '1', shown = '', indent = ''] = match;
  const column = indent.length - `LINE ${line}: `.length;
  const text = sql.split('\n')[Number(line) - 1] ?? '';
  // A long line is shown in part; what is shown tells where the part begins.
  const part = shown.replace(/^\.\.\./, '').replace(/\.\.\.$/, '');
  const start = shown.startsWith('...') ? Math.max(text.indexOf(part), 0) - 3 : 0;
  return `line ${line}:${Math.max(start + column, 0) + 1}`;
}

/** The first reason that fits: DuckDB's text -> Athena's. */
const TRANSLATIONS: readonly { readonly pattern: RegExp; readonly text: (match: RegExpExecArray, place: string) => string }[] = [
  {
    pattern:
      /Referenced column "([^"]+)" (?:not found|was not found)|does not have a column named "([^"]+)"|column "([^"]+)" does not exist/i,
    text: (match, place) =>
      `COLUMN_NOT_FOUND: ${place}: Column '${match[1] ?? match[2] ?? match[3]}' cannot be resolved or requester is not authorized to access requested resources`,
  },
  {
    pattern: /(?:Scalar|Aggregate|Table) Function with name "?([\w.]+)"? does not exist/,
    text: (match, place) => `FUNCTION_NOT_FOUND: ${place}: Function '${match[1]}' not registered`,
  },
  {
    pattern: /Table with name "?([\w.]+)"? does not exist/,
    text: (match, place) => `TABLE_NOT_FOUND: ${place}: Table 'awsdatacatalog.${match[1]}' does not exist`,
  },
  { pattern: /(?:Could not convert|Conversion Error)[^\n]*/, text: (match) => `INVALID_CAST_ARGUMENT: ${match[0]}` },
  { pattern: /Out of Memory Error/, text: () => 'EXCEEDED_LOCAL_MEMORY_LIMIT: Query exceeded the memory limit of the local AWS' },
  { pattern: /Out of Range Error: ([^\n]*)/, text: (match) => `NUMERIC_VALUE_OUT_OF_RANGE: ${match[1]}` },
];

/** DuckDB's error as Athena's; `sql` is the text that DuckDB was given. Paths of this machine never show. */
export function translate(error: unknown, sql: string): QueryFailure {
  if (error instanceof QueryFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('INTERRUPT')) return new QueryFailure('Query was cancelled');
  const place = placeIn(message, sql);
  for (const { pattern, text } of TRANSLATIONS) {
    const match = pattern.exec(message);
    if (match !== null) return new QueryFailure(text(match, place));
  }
  const first = (message.split('\n')[0] ?? '').replaceAll(/'?\/[\w./=%+-]+'?/g, '<file>');
  const internal = /^(IO|INTERNAL|Permission) ?Error/i.test(first);
  if (internal) return new QueryFailure(`GENERIC_INTERNAL_ERROR: ${first}`, 1, 233);
  return new QueryFailure(`SYNTAX_ERROR: ${place}: ${first.replace(/^(Parser|Binder|Catalog) Error: /, '')}`);
}
