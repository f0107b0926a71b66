import { QueryFailure } from './failure';

export interface Unload {
  readonly target: string;
  readonly compression: string;
}

/** A statement that the local AWS runs. The query keeps its place in the text: what is around it is blanked. */
export interface Statement {
  readonly kind: 'SELECT' | 'UNLOAD';
  readonly query: string;
  readonly unload?: Unload;
}

const BLANKED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;
const COMPRESSIONS: Readonly<Record<string, string>> = { gzip: 'GZIP', snappy: 'SNAPPY', zstd: 'ZSTD', none: 'UNCOMPRESSED' };

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}

/** The text with string literals, quoted names and comments blanked, at the same offsets. */
function bare(sql: string): string {
  return sql.replaceAll(BLANKED, blank);
}

/** Reads a statement: SELECT (WITH, VALUES, TABLE) or UNLOAD (SELECT ..) TO .. WITH (..); all else is refused. */
export function parseStatement(text: string): Statement {
  const sql = text.replace(/[\s;]+$/, '');
  const outline = bare(sql);
  const word = /^[\s(]*(\w+)/.exec(outline)?.[1]?.toUpperCase() ?? '';
  if (outline.includes(';')) throw new QueryFailure('Only one sql statement is allowed. Got: a text with several');
  if (['SELECT', 'WITH', 'VALUES', 'TABLE'].includes(word)) return { kind: 'SELECT', query: sql };
  if (word === 'UNLOAD') return parseUnload(sql, outline);
  throw new QueryFailure(`NOT_SUPPORTED: The local AWS runs SELECT and UNLOAD; given ${word === '' ? 'an empty text' : word}`);
}

function parseUnload(sql: string, outline: string): Statement {
  const open = outline.indexOf('(');
  let close = -1;
  for (let index = open, depth = 0; index >= 0 && index < outline.length; index += 1) {
    if (outline[index] === '(') depth += 1;
    if (outline[index] === ')') depth -= 1;
    if (depth === 0) {
      close = index;
      break;
    }
  }
  const [, target, options] = /^\s*TO\s*'((?:[^']|'')*)'\s*(?:WITH\s*\(([\s\S]*)\))?\s*$/i.exec(sql.slice(close + 1)) ?? [];
  if (close < 0 || target === undefined || sql.slice(0, open).trim().toUpperCase() !== 'UNLOAD')
    throw new QueryFailure(
      "SYNTAX_ERROR: UNLOAD is written UNLOAD (SELECT ..) TO 's3://bucket/folder/' WITH (format = 'PARQUET')",
    );
  const query = blank(sql.slice(0, open + 1)) + sql.slice(open + 1, close);
  return { kind: 'UNLOAD', query, unload: { target: checkTarget(target), compression: compressionOf(options ?? '') } };
}

function checkTarget(target: string): string {
  if (!/^s3:\/\/[^/]+\/.+/.test(target)) throw new QueryFailure(`INVALID_TABLE_PROPERTY: '${target}' is not an S3 folder`);
  return target.endsWith('/') ? target : `${target}/`;
}

function compressionOf(text: string): string {
  const options = new Map<string, string>();
  const rest = text.replaceAll(/(\w+)\s*=\s*'([^']*)'\s*,?/g, (_, name: string, value: string) => {
    options.set(name.toLowerCase(), value);
    return '';
  });
  const unknown = [...options.keys()].filter((name) => name !== 'format' && name !== 'compression');
  if (rest.trim() !== '' || unknown.length > 0)
    throw new QueryFailure(`NOT_SUPPORTED: The local AWS knows format and compression of UNLOAD; given ${text.trim()}`);
  if (options.get('format')?.toUpperCase() !== 'PARQUET')
    throw new QueryFailure(`NOT_SUPPORTED: The local AWS unloads to PARQUET; given ${options.get('format')}`);
  const compression = COMPRESSIONS[(options.get('compression') ?? 'gzip').toLowerCase()];
  if (compression === undefined)
    throw new QueryFailure(`INVALID_TABLE_PROPERTY: Unsupported compression '${options.get('compression')}'`);
  return compression;
}

/** Puts execution parameters, which are SQL literals, in the place of `?`. */
export function withParameters(sql: string, parameters: readonly string[] | undefined): string {
  const places = [...bare(sql).matchAll(/\?/g)].map(({ index }) => index);
  if (places.length !== (parameters?.length ?? 0))
    throw new QueryFailure(
      `INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected ${places.length} but found ${parameters?.length ?? 0}`,
    );
  return places.reduceRight((text, place, index) => text.slice(0, place) + parameters?.[index] + text.slice(place + 1), sql);
}
