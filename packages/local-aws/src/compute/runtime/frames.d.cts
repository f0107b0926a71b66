import type { Duplex } from 'node:stream';

/** What the server hands to an environment; the body is the event. */
export interface InvocationHead {
  readonly requestId: string;
  /** Wall-clock epoch ms. */
  readonly deadlineMs: number;
  readonly arn: string;
  readonly traceId: string;
  /** Clock state, see clock.cjs. */
  readonly clock: string;
  /** JSON. */
  readonly clientContext?: string;
}

/** What an environment says: that it waits for an invocation, how one ended (and that it waits again), or that it cannot start. */
export type EnvironmentHead =
  | { readonly kind: 'next' }
  | { readonly kind: 'response'; readonly requestId: string; readonly maxRssKb: number }
  /** `ends`: the process ends too. */
  | { readonly kind: 'error'; readonly requestId: string; readonly ends?: true }
  | { readonly kind: 'init-error' };

/** Sends and receives frames over a socket, in order. */
export class Frames<Sent extends object, Received extends object> {
  constructor(socket: Duplex, onFrame: (head: Received, body: Buffer) => void);
  send(head: Sent, body?: Uint8Array): void;
}
