import { createHash } from 'node:crypto';
import type { Cloud } from '../../cloud';
import { validationError } from '../../errors';

interface Kept {
  readonly digest: string;
  readonly answer: object;
}

/** Answers to requests that carried a token: the same request again gets the first answer and has no second effect. */
export class ClientTokens {
  private readonly table;

  constructor(cloud: Cloud) {
    this.table = cloud.storage.table<Kept>('sagemaker/client-tokens');
  }

  /** The first answer to this token; throws if it came with another request. */
  find<T extends object>(operation: string, token: string | undefined, request: object): T | undefined {
    if (token === undefined) return undefined;
    const kept = this.table.get([operation, token]);
    if (kept === undefined) return undefined;
    if (kept.digest !== digestOf(request))
      throw validationError(`The token '${token}' was used for another ${operation} request`);
    return kept.answer as T;
  }

  /** Keeps an answer; call it in the transaction that makes the effect. */
  keep(operation: string, token: string | undefined, request: object, answer: object): void {
    if (token !== undefined) void this.table.put([operation, token], { digest: digestOf(request), answer });
  }
}

function digestOf(request: object): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}

/** A `ClientRequestToken`, if one is given, has 32 to 128 characters. */
export function checkRequestToken(token: string | undefined): void {
  if (token === undefined || (token.length >= 32 && token.length <= 128)) return;
  throw validationError(
    `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must have length between 32 and 128`,
  );
}
