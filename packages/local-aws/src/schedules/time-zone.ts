import type { Day } from './cron';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let known = formats.get(zone);
  if (known === undefined) {
    const numeric = 'numeric' as const;
    const fields = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric };
    known = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...fields });
    formats.set(zone, known);
  }
  return known;
}

function isUtc(zone: string): boolean {
  return zone === 'UTC' || zone === 'Etc/UTC';
}

/** Local wall time of an instant, as if it were UTC (epoch ms, whole seconds). */
function wallTime(instant: number, zone: string): number {
  if (isUtc(zone)) return Math.floor(instant / 1000) * 1000;
  const parts = new Map(
    format(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** The day that a time zone has at an instant. Throws for an unknown zone. */
export function localDay(instant: number, zone: string): Day {
  const wall = new Date(wallTime(instant, zone));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
}

/** The first instant at which a zone's clock shows `minute` of `day`; undefined if it never does (the gap of summer time). */
export function instantOf({ year, month, day }: Day, minute: number, zone: string): number | undefined {
  const wanted = Date.UTC(year, month - 1, day, 0, minute);
  if (isUtc(zone)) return wanted;
  const candidates = [-DAY_MS, DAY_MS].map((shift) => wanted - (wallTime(wanted + shift, zone) - (wanted + shift)));
  return candidates.sort((a, b) => a - b).find((instant) => wallTime(instant, zone) === wanted);
}

const DAY_MS = 86_400_000;
