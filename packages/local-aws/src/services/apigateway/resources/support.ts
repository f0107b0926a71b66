import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import type { ResourceContext } from '../../../cloud';
import { AwsError } from '../../../errors';

export const TAGS_STORED = 'kept on the resource, read by no operation that is supported';

/** Runs a deletion for which a resource that is already gone is fine. */
export async function gone(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof AwsError) || error.code !== 'NotFoundException') throw error;
  });
}

/** Sends the patch operations if there are any. */
export async function patch(
  context: ResourceContext,
  operation: string,
  address: object,
  patchOperations: readonly PatchOperation[],
): Promise<void> {
  if (patchOperations.length > 0) await context.call('apigateway', operation, { ...address, patchOperations });
}

/** A policy, schema or other document that templates give as an object or as its text. */
export function text(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Tags of a deployment as API Gateway takes them. */
export function tagMap(context: ResourceContext): Record<string, string> {
  return Object.fromEntries(context.tags.map(({ Key, Value }) => [Key, Value]));
}
