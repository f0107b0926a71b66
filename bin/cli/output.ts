import { Failure } from './failure';

/** Where a command writes: one JSON object with `--json`, lines for people otherwise; progress goes to stderr. */
export interface Output {
  readonly json: boolean;
  /** The result: the object with `--json`, else the lines. */
  result(value: object, lines: () => readonly string[]): void;
  /** A line of progress; silent with `--json`. */
  progress(line: string): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    result(value, lines) {
      process.stdout.write(
        json
          ? `${JSON.stringify(value)}\n`
          : lines()
              .map((line) => `${line}\n`)
              .join(''),
      );
    },
    progress(line) {
      if (!json) process.stderr.write(`${line}\n`);
    },
  };
}

/** Rows under headings, each column as wide as its widest cell. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Writes a failure and gives the exit code. */
export function reportFailure(error: unknown, json: boolean): number {
  const failure = error instanceof Failure ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (json)
    process.stdout.write(
      `${JSON.stringify({ error: { message, ...failure?.details, ...(failure?.hint === undefined ? {} : { hint: failure.hint }) } })}\n`,
    );
  const hint = failure?.hint === undefined ? '' : `\n  ${failure.hint}`;
  process.stderr.write(`slipway: ${message}${hint}\n`);
  if (failure === undefined && error instanceof Error && process.env.SLIPWAY_DEBUG !== undefined)
    process.stderr.write(`${error.stack}\n`);
  return failure?.exitCode ?? 1;
}
