/** A failure that a person can mend: what was given, what is allowed, what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    message: string,
    /** 1 = failed, 2 = wrong use. */
    readonly exitCode: 1 | 2 = 1,
    /** What to do about it. */
    readonly hint?: string,
    /** What `--json` tells besides. */
    readonly details?: object,
  ) {
    super(message);
  }
}
