import { badRequest } from '../store';

interface PageInput {
  readonly position?: string | undefined;
  readonly limit?: number | undefined;
}

/** One page of a list, as every Get operation of API Gateway answers it; the position is opaque to clients. */
export function page<T>(all: readonly T[], input: PageInput): { items: T[]; position?: string } {
  const limit = input.limit ?? 25;
  if (limit < 1 || limit > 500) throw badRequest('Invalid limit, must be between 1 and 500');
  const start = input.position === undefined ? 0 : Number(Buffer.from(input.position, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw badRequest('Invalid position parameter');
  const end = start + limit;
  return {
    items: all.slice(start, end),
    ...(end < all.length ? { position: Buffer.from(String(end)).toString('base64url') } : {}),
  };
}
