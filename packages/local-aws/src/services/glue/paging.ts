import { invalidInput } from './store';

/** A page of a list; the token is the place where the next page begins. */
export function pageOf<T>(
  all: readonly T[],
  size: number | undefined,
  token: string | undefined,
): { readonly items: T[]; readonly next: { readonly NextToken?: string } } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(start)) throw invalidInput('Invalid continuation token');
  const end = start + (size ?? 100);
  const next = end < all.length ? { NextToken: Buffer.from(String(end)).toString('base64') } : {};
  return { items: all.slice(start, end), next };
}
