export interface AwsErrorOptions {
  /** HTTP status; default: the status that the service's model gives to this error, else 400. */
  readonly status?: number;
  /** Further members of the modelled error, e.g. `CancellationReasons`. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** An error as an AWS service answers it: a code from the service's model (or a common one), AWS's own text, and an HTTP status. */
export class AwsError extends Error {
  readonly status: number | undefined;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    readonly code: string,
    message: string,
    options: AwsErrorOptions = {},
  ) {
    super(message);
    this.name = code;
    this.status = options.status;
    this.members = options.members ?? {};
  }
}

/** A request that fails the service's own validation; most JSON services call it `ValidationException`. */
export function validationError(message: string, code = 'ValidationException'): AwsError {
  return new AwsError(code, message, { status: 400 });
}
