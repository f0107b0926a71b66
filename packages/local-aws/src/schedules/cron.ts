const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** A calendar day of some time zone. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export interface Cron {
  /** Minutes of a day, ascending, at which the schedule fires. */
  readonly minutes: readonly number[];
  firesOn(day: Day): boolean;
}

function numberOf(text: string, names: readonly string[], offset: number): number {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + offset : Number(text);
  if (!Number.isInteger(value)) throw new Error(`'${text}' is no value of a cron field`);
  return value;
}

/** Values of a field of numbers: lists, ranges, steps, `*` and `?`. */
function values(field: string, low: number, high: number, names: readonly string[] = [], offset = 0): Set<number> {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step] = part.split('/');
    const [from = '', to] = range.split('-');
    const any = range === '*' || range === '?';
    const first = any ? low : numberOf(from, names, offset);
    const last = any ? high : to !== undefined ? numberOf(to, names, offset) : step !== undefined ? high : first;
    const by = step === undefined ? 1 : Number(step);
    if (first < low || last > high || first > last || !Number.isInteger(by) || by < 1)
      throw new Error(`'${part}' is not within ${low}-${high}`);
    for (let value = first; value <= last; value += by) found.add(value);
  }
  return found;
}

function weekday({ year, month, day }: Day): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** `15W`: the working day nearest to the 15th, within the month. */
function nearestWorkday(target: number, { year, month }: Day): number {
  const last = daysIn(year, month);
  const day = Math.min(target, last);
  const at = weekday({ year, month, day });
  if (at === 7) return day > 1 ? day - 1 : day + 2;
  if (at === 1) return day < last ? day + 1 : day - 2;
  return day;
}

function dayOfMonth(field: string): (day: Day) => boolean {
  if (field === 'L') return (day) => day.day === daysIn(day.year, day.month);
  const work = /^(\d+)W$/.exec(field);
  if (work !== null) return (day) => day.day === nearestWorkday(Number(work[1]), day);
  const days = values(field, 1, 31);
  return (day) => days.has(day.day);
}

function dayOfWeek(field: string): (day: Day) => boolean {
  const last = /^(\w+)L$/.exec(field);
  if (field === 'L') return (day) => weekday(day) === 7;
  if (last?.[1] !== undefined) {
    const wanted = numberOf(last[1], DAYS, 1);
    return (day) => weekday(day) === wanted && day.day + 7 > daysIn(day.year, day.month);
  }
  const nth = /^(\w+)#([1-5])$/.exec(field);
  if (nth?.[1] !== undefined) {
    const wanted = numberOf(nth[1], DAYS, 1);
    return (day) => weekday(day) === wanted && Math.ceil(day.day / 7) === Number(nth[2]);
  }
  const days = values(field, 1, 7, DAYS, 1);
  return (day) => days.has(weekday(day));
}

/** Reads AWS's six cron fields: minutes hours day-of-month month day-of-week year. Throws if they are not valid. */
export function parseCron(fields: readonly string[]): Cron {
  const [minute = '', hour = '', ofMonth = '', month = '', ofWeek = '', year = ''] = fields;
  if (fields.length !== 6) throw new Error(`a cron expression has 6 fields; given ${fields.length}`);
  if ((ofMonth === '?') === (ofWeek === '?')) throw new Error('one of day-of-month and day-of-week must be ?, and only one');
  const hours = values(hour, 0, 23);
  const minutes = [...values(minute, 0, 59)];
  const months = values(month, 1, 12, MONTHS, 1);
  const years = values(year, 1970, 2199);
  const onDay = ofMonth === '?' ? dayOfWeek(ofWeek) : dayOfMonth(ofMonth);
  return {
    minutes: [...hours].flatMap((at) => minutes.map((past) => at * 60 + past)).sort((a, b) => a - b),
    firesOn: (day) => years.has(day.year) && months.has(day.month) && onDay(day),
  };
}
