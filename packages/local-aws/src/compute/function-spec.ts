/** What an environment needs to know of a function; two specs with the same key run in the same environments. */
export interface FunctionSpec {
  /** Changes with code and configuration. */
  readonly key: string;
  readonly name: string;
  /** Invoked ARN, with qualifier where the caller gave one. */
  readonly arn: string;
  readonly version: string;
  readonly runtime: string;
  readonly handler: string;
  /** Folder with the unpacked code. */
  readonly folder: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly logGroup: string;
  readonly logFormat: 'Text' | 'JSON';
}

/** How an invocation ended. A function error is an outcome, not an exception. */
export interface Outcome {
  readonly payload: Uint8Array;
  readonly functionError?: 'Unhandled';
  /** Last 4 KB of the invocation's log, if it was asked for. */
  readonly logTail?: Buffer;
  readonly durationMs: number;
}

/** One invocation on its way through an environment. */
export interface Invocation {
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly arn: string;
  readonly clientContext?: string;
  readonly wantsTail: boolean;
  /** Wall-clock ms at which it was queued. */
  readonly queuedAt: number;
  settle(outcome: Outcome): void;
}

/** The body of a function error as AWS's runtimes write it. */
export function errorPayload(errorType: string, errorMessage: string): Buffer {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }));
}
