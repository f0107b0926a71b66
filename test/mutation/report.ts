interface Position {
  readonly line: number;
  readonly column: number;
}

/** The part of Stryker's report (mutation-testing-elements schema 1) that is read here. */
export interface MutationReport {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: string;
        readonly mutants: readonly {
          readonly mutatorName: string;
          readonly replacement?: string;
          readonly status: string;
          readonly location: { readonly start: Position; readonly end: Position };
        }[];
      }
    >
  >;
}

const NOTICED = ['Killed', 'Timeout'];
const MISSED = ['Survived', 'NoCoverage'];

export interface MutationScore {
  /** Changes that tests could notice; those that do not compile or are left out do not count. */
  readonly changes: number;
  readonly noticed: number;
  readonly percent: number;
}

/** An area without a change that could be noticed has all of them noticed. */
export function scoreOf({ files }: MutationReport): MutationScore {
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const noticed = statuses.filter((status) => NOTICED.includes(status)).length;
  const changes = noticed + statuses.filter((status) => MISSED.includes(status)).length;
  return { changes, noticed, percent: changes === 0 ? 100 : (100 * noticed) / changes };
}

/** A line for each change that no test noticed: where, what stood there, and what took its place. */
export function survivorLines({ files }: MutationReport): string[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => MISSED.includes(status))
      .map(({ location, mutatorName, replacement = '' }) => {
        const before = textAt(source, location.start, location.end);
        return `${file}:${location.start.line}  ${mutatorName}  ${short(before)} -> ${short(replacement)}`;
      }),
  );
}

/** Lines and columns count from 1. */
function textAt(source: string, start: Position, end: Position): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines.map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined)).join(' ');
}

function short(text: string): string {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > 70 ? `${flat.slice(0, 67)}...` : flat;
}
