import { AwsError } from '../../errors';

const MAX_PAGE = 10_000;

interface Timed {
  readonly timestamp: number;
}

interface Asked {
  readonly limit?: number | undefined;
  readonly nextToken?: string | undefined;
  readonly startFromHead?: boolean | undefined;
}

/** Position before an event: its instant, and how many of the same instant come before it, so that it holds while events come and expire. */
function tokenAt(events: readonly Timed[], index: number, direction: 'f' | 'b'): string {
  const timestamp = events[index]?.timestamp ?? (events.at(-1)?.timestamp ?? 0) + (events.length === 0 ? 0 : 1);
  const first = events.findIndex((event) => event.timestamp === timestamp);
  return `${direction}/${timestamp}/${first < 0 ? 0 : index - first}`;
}

function indexOf(events: readonly Timed[], token: string): number {
  const match = /^[fb]\/(\d+)\/(\d+)$/.exec(token);
  if (match === null) throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  const first = events.findIndex(({ timestamp }) => timestamp >= Number(match[1]));
  return first < 0 ? events.length : Math.min(first + Number(match[2]), events.length);
}

/** A page of a stream, the newest unless told otherwise; at either end the token is the one that was given. */
export function streamPage<T extends Timed>(
  events: readonly T[],
  { limit = MAX_PAGE, nextToken, startFromHead }: Asked,
): { items: readonly T[]; nextForwardToken: string; nextBackwardToken: string } {
  const forward = nextToken === undefined ? startFromHead === true : nextToken.startsWith('f/');
  const at = nextToken === undefined ? (forward ? 0 : events.length) : indexOf(events, nextToken);
  const [start, end] = forward ? [at, Math.min(at + limit, events.length)] : [Math.max(0, at - limit), at];
  const same = start === end ? nextToken : undefined;
  return {
    items: events.slice(start, end),
    nextForwardToken: same !== undefined && forward ? same : tokenAt(events, end, 'f'),
    nextBackwardToken: same !== undefined && !forward ? same : tokenAt(events, start, 'b'),
  };
}

/** A page of what was found over streams; a token if there is more. */
export function searchPage<T extends Timed>(
  events: readonly T[],
  { limit = MAX_PAGE, nextToken }: Asked,
): { items: readonly T[]; nextToken?: string } {
  const start = nextToken === undefined ? 0 : indexOf(events, nextToken);
  const items = events.slice(start, start + limit);
  return start + limit < events.length ? { items, nextToken: tokenAt(events, start + limit, 'f') } : { items };
}

const MAX_LISTED = 50;

/** A page of groups or streams; a token if there is more. */
export function listPage<T>(
  all: readonly T[],
  { limit = MAX_LISTED, nextToken }: Pick<Asked, 'limit' | 'nextToken'>,
): { items: readonly T[]; nextToken?: string } {
  const start = nextToken === undefined ? 0 : Number(nextToken);
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  const end = start + Math.min(limit, MAX_LISTED);
  return end < all.length ? { items: all.slice(start, end), nextToken: String(end) } : { items: all.slice(start, end) };
}
