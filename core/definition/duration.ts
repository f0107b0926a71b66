import * as z from 'zod';

/** A length of time: whole number and unit, e.g. `90s`, `15m`, `3h`, `7d`. */
export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`;

const UNIT_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const FORM = /^([1-9]\d{0,6})([smhd])$/;

export const durationSchema = z.custom<Duration>((value) => typeof value === 'string' && FORM.test(value), {
  error: 'must be a duration such as 90s, 15m, 3h or 7d',
});

/** Seconds in a duration; throws RangeError when it is malformed (definitions are checked before). */
export function seconds(duration: Duration): number {
  const match = FORM.exec(duration);
  const unit = match?.[2];
  if (match === null || !isUnit(unit)) throw new RangeError(`not a duration: ${duration}`);
  return Number(match[1]) * UNIT_SECONDS[unit];
}

/** Milliseconds in a duration. */
export function milliseconds(duration: Duration): number {
  return seconds(duration) * 1000;
}

function isUnit(text: string | undefined): text is keyof typeof UNIT_SECONDS {
  return text !== undefined && text in UNIT_SECONDS;
}
