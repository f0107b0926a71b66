import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageText } from './message-text';

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A small change of the code: the mutant of Stryker. */
export interface Change {
  readonly id: string;
  /** Path from the root of the project. */
  readonly file: string;
  readonly mutator: string;
  /** Lines and columns count from 1. */
  readonly start: Position;
  readonly before: string;
  readonly after: string;
}

const SILENT = () => undefined;
const LOGGER = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: SILENT,
  debug: SILENT,
  info: SILENT,
  warn: SILENT,
  error: SILENT,
  fatal: SILENT,
};

/**
 * Writes each source with all of its changes, none of them switched on, to the same path below `folder`, and lists the changes.
 * Nothing is written elsewhere.
 */
export async function changesOf(root: string, sources: readonly string[], folder: string): Promise<Change[]> {
  const { Instrumenter } = await import('@stryker-mutator/instrumenter');
  const texts = new Map(sources.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
  const { files, mutants } = await new Instrumenter(LOGGER).instrument(
    [...texts].map(([name, content]) => ({ name, content, mutate: true })),
    { ignorers: [messageText], excludedMutations: [], plugins: null },
  );
  for (const { name, content } of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return mutants
    .filter(({ status }) => status !== 'Ignored')
    .map(({ id, fileName, mutatorName, replacement, location: { start, end } }) => ({
      id,
      file: fileName,
      mutator: mutatorName,
      start: { line: start.line + 1, column: start.column + 1 },
      before: textAt(texts.get(fileName) ?? '', start, end),
      after: replacement,
    }));
}

/** Lines and columns count from 0, as Stryker has them. */
function textAt(source: string, start: Position, end: Position): string {
  const lines = source.split('\n').slice(start.line, end.line + 1);
  const last = lines.length - 1;
  return lines.map((line, at) => line.slice(at === 0 ? start.column : 0, at === last ? end.column : undefined)).join('\n');
}
