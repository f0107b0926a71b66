import { AwsError } from '../errors';

/** What a full or failing disk answers, and what stands for it in a process with a limit to the size of its files. */
const CODES: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS'];

/** The state could not be written; nothing of the call has happened. */
export class DiskFailure extends AwsError {
  constructor(cause: string) {
    super('ServiceUnavailable', `The local AWS cannot write its state: the disk is full or fails (${cause}).`, { status: 503 });
  }
}

/** The error of a write to a file or of a commit, if it is the disk's. */
export function diskFailureOf(error: unknown): DiskFailure | undefined {
  if (error instanceof DiskFailure) return error;
  if (!(error instanceof Error)) return undefined;
  const isCommit = 'commitError' in error;
  return isCommit || ('code' in error && CODES.includes(error.code)) ? new DiskFailure(error.message) : undefined;
}

/** The error of a commit that lmdb could not make; lmdb tells its cause in a promise of its own. */
export async function commitFailureOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { commitError?: Promise<unknown> };
  if (commitError === undefined) return error;
  const cause = await commitError.catch((reason: unknown) => reason);
  return new DiskFailure(cause instanceof Error ? cause.message : String(cause));
}
