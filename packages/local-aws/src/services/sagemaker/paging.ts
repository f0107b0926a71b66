import { validationError } from '../../errors';

interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

const DEFAULT_PAGE = 10;

/** One page of a sorted list; the token is the position of the next page. */
export function page<T>(items: readonly T[], request: PageRequest): { items: readonly T[]; next: { NextToken?: string } } {
  const start = request.NextToken === undefined ? 0 : Number(request.NextToken);
  if (!Number.isInteger(start)) throw validationError(`Invalid NextToken '${request.NextToken}'`);
  const end = start + (request.MaxResults ?? DEFAULT_PAGE);
  return { items: items.slice(start, end), next: end < items.length ? { NextToken: String(end) } : {} };
}

interface TimeFilter {
  readonly CreationTimeAfter?: Date | undefined;
  readonly CreationTimeBefore?: Date | undefined;
  readonly LastModifiedTimeAfter?: Date | undefined;
  readonly LastModifiedTimeBefore?: Date | undefined;
}

/** Whether a record lies in the time ranges that SageMaker's lists filter by. */
export function inTime(record: { readonly created: number; readonly modified?: number }, filter: TimeFilter): boolean {
  const modified = record.modified ?? record.created;
  return (
    record.created >= (filter.CreationTimeAfter?.getTime() ?? Number.NEGATIVE_INFINITY) &&
    record.created <= (filter.CreationTimeBefore?.getTime() ?? Number.POSITIVE_INFINITY) &&
    modified >= (filter.LastModifiedTimeAfter?.getTime() ?? Number.NEGATIVE_INFINITY) &&
    modified <= (filter.LastModifiedTimeBefore?.getTime() ?? Number.POSITIVE_INFINITY)
  );
}
