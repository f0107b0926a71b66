import { type Cron, type Day, parseCron } from './cron';
import { instantOf, localDay } from './time-zone';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: DAY_MS };
/** A cron expression that has not fired within this many days (29 February of leap years: 8 years) never will. */
const HORIZON_DAYS = 366 * 9;

export interface Schedule {
  readonly kind: 'rate' | 'cron' | 'at';
  /** First firing after `after` (epoch ms); `anchor` is when a rate began to count. Undefined if there is none any more. */
  next(after: number, anchor: number): number | undefined;
}

function parseRate(text: string): Schedule {
  const match = /^(\d+) (minute|hour|day)(s?)$/.exec(text.trim());
  const count = Number(match?.[1]);
  if (match === null || count < 1 || (match[3] === '') !== (count === 1))
    throw new Error(`'${text}' is not a rate: rate(1 minute|hour|day) or rate(n minutes|hours|days)`);
  const every = count * (UNITS[match[2] ?? ''] ?? DAY_MS);
  return { kind: 'rate', next: (after, anchor) => anchor + Math.max(0, Math.floor((after - anchor) / every) + 1) * every };
}

function nextDay({ year, month, day }: Day): Day {
  const next = new Date(Date.UTC(year, month - 1, day + 1));
  return { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() };
}

function nextCron(cron: Cron, zone: string, after: number): number | undefined {
  let day = localDay(after, zone);
  for (let count = 0; count < HORIZON_DAYS; count += 1, day = nextDay(day)) {
    if (!cron.firesOn(day)) continue;
    for (const minute of cron.minutes) {
      const at = instantOf(day, minute, zone);
      // An hour that the change to summer time leaves out does not fire.
      if (at !== undefined && at > after) return at;
    }
  }
  return undefined;
}

function parseAt(text: string, zone: string): Schedule {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text.trim());
  if (match === null) throw new Error(`'${text}' is not a time: at(yyyy-mm-ddThh:mm:ss)`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const start = instantOf({ year, month, day }, hour * 60 + minute, zone);
  if (start === undefined) throw new Error(`'${text}' does not exist in ${zone}`);
  const at = start + second * 1000;
  return { kind: 'at', next: (after) => (at > after ? at : undefined) };
}

/** Reads `rate(..)`, `cron(..)` or `at(..)`; cron and at are in `zone` (IANA). Throws an Error that says what is wrong. */
export function parseSchedule(expression: string, zone = 'UTC'): Schedule {
  const match = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim());
  const body = match?.[2] ?? '';
  localDay(0, zone);
  switch (match?.[1]) {
    case 'rate':
      return parseRate(body);
    case 'at':
      return parseAt(body, zone);
    case 'cron': {
      const cron = parseCron(body.trim().split(/\s+/));
      return { kind: 'cron', next: (after) => nextCron(cron, zone, after) };
    }
    default:
      throw new Error(`'${expression}' is neither rate(..), cron(..) nor at(..)`);
  }
}
