/** A line that somebody types into a shell, and what comes of it. */
export interface Step {
  readonly line: string;
  /** Exit codes that count: 0, or what the AWS CLI ends with when it is refused. */
  readonly succeeds: boolean;
  /** Of both streams together. */
  readonly output: RegExp;
  /** Name under which later lines find the output (`$NAME`). */
  readonly keep?: string;
}

/** Lines of one service, run in order in one folder. */
export interface Session {
  readonly name: string;
  readonly steps: readonly Step[];
}

export const ok = (line: string, output: RegExp = /(?:)/): Step => ({ line, succeeds: true, output });
export const fails = (line: string, output: RegExp): Step => ({ line, succeeds: false, output });
export const keep = (name: string, line: string, output: RegExp = /\S/): Step => ({ line, succeeds: true, output, keep: name });
