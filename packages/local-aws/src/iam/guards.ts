import type { Caller } from './caller';
import type { Context } from './policy/patterns';

/** What a resource itself says about who may use it. */
export interface Guarded {
  /** The resource under its own ARN, where it was named otherwise (a key by its alias). */
  readonly resource: string;
  /** Its policy document, JSON text. */
  readonly policy?: string | undefined;
  /** There is no such resource: a service that calls it is told so by the operation, since nothing could admit it. */
  readonly absent?: boolean;
  /** Without an allow in its policy nobody may use it, whatever their own policies say. */
  readonly mustAllow?: boolean;
  /** Whether something besides its policy allows it (a grant). */
  readonly granted?: (caller: Caller, action: string, context: Context) => boolean;
}

/** Looks up what guards a resource; undefined when it has no policy. */
export type Guard = (arn: string) => Guarded | undefined;
