/**
 * Options of SDK clients on the request path: an answer within `timeoutMs` per attempt, at most `attempts`.
 * The sum must stay below the function's timeout.
 */
export function clientOptions(timeoutMs: number, attempts: number) {
  return { maxAttempts: attempts, requestHandler: { requestTimeout: timeoutMs, connectionTimeout: Math.min(timeoutMs, 1000) } };
}
