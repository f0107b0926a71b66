const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;
/** Makes seconds before 1970 sort as text, too. */
const OFFSET = 100_000_000_000;
const MAX_SECONDS = 253_402_300_800;

export interface EventTime {
  /** Epoch milliseconds. */
  readonly ms: number;
  /** Text whose order is that of the times, to the nanosecond. */
  readonly order: string;
}

function eventTime(seconds: number, fraction: string): EventTime {
  const nanos = fraction.padEnd(9, '0').slice(0, 9);
  return {
    ms: seconds * 1000 + Math.floor(Number(nanos) / 1_000_000),
    order: `${String(seconds + OFFSET).padStart(12, '0')}.${nanos}`,
  };
}

/** ISO 8601 text in UTC with at most nanoseconds (`yyyy-MM-dd'T'HH:mm:ss[.fraction]Z`), or epoch seconds; undefined for neither. */
export function parseEventTime(text: string, type: 'String' | 'Fractional'): EventTime | undefined {
  if (type === 'Fractional') {
    const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(text);
    if (match === null || Number(match[1]) >= MAX_SECONDS) return undefined;
    return eventTime(Number(match[1]), match[2] ?? '');
  }
  const [, whole = '', fraction = ''] = ISO.exec(text) ?? [];
  const ms = Date.parse(`${whole}Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== whole) return undefined;
  return eventTime(ms / 1000, fraction);
}
