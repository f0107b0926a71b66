import { parseSchedule } from '../../src/schedules/expression';

const iso = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());

function firings(expression: string, from: string, count: number, zone?: string): (string | undefined)[] {
  const schedule = parseSchedule(expression, zone);
  const found: (string | undefined)[] = [];
  for (let at: number | undefined = Date.parse(from); found.length < count && at !== undefined; ) {
    at = schedule.next(at, Date.parse(from));
    found.push(iso(at)?.slice(0, 16));
  }
  return found;
}

test.each([
  ['rate(1 hour)', '2030-01-01T12:30:00Z', ['2030-01-01T13:30', '2030-01-01T14:30']],
  ['cron(0 12 * * ? *)', '2030-01-01T12:30:00Z', ['2030-01-02T12:00', '2030-01-03T12:00']],
  ['cron(0/30 8-9 ? * MON-FRI *)', '2030-01-04T08:45:00Z', ['2030-01-04T09:00', '2030-01-04T09:30', '2030-01-07T08:00']],
  ['cron(0 0 L * ? *)', '2030-01-31T00:00:00Z', ['2030-02-28T00:00', '2030-03-31T00:00']],
  ['cron(0 0 ? * 6L *)', '2030-01-01T00:00:00Z', ['2030-01-25T00:00', '2030-02-22T00:00']],
  ['cron(0 0 ? * FRI#2 *)', '2030-01-01T00:00:00Z', ['2030-01-11T00:00']],
  ['cron(0 0 1W * ? *)', '2030-05-30T00:00:00Z', ['2030-06-03T00:00']],
  ['cron(0 0 29 2 ? *)', '2030-01-01T00:00:00Z', ['2032-02-29T00:00']],
  ['at(2030-05-01T10:20:30)', '2030-01-01T00:00:00Z', ['2030-05-01T10:20', undefined]],
])('%s after %s fires at %j', (expression, from, expected) => {
  expect(firings(expression, from, expected.length)).toEqual(expected);
});

test('a zone moves with summer time, and an hour that it leaves out does not fire', () => {
  expect(firings('cron(30 2 * * ? *)', '2030-03-29T12:00:00Z', 3, 'Europe/Berlin')).toEqual([
    '2030-03-30T01:30',
    '2030-04-01T00:30',
    '2030-04-02T00:30',
  ]);
});

test.each([
  ['rate(1 hours)', 'is not a rate'],
  ['cron(0 12 * * * *)', 'one of day-of-month and day-of-week must be ?'],
  ['cron(0 25 * * ? *)', "'25' is not within 0-23"],
  ['every(1 hour)', 'is neither rate'],
])('refuses %s', (expression, message) => {
  expect(() => parseSchedule(expression)).toThrow(message);
});
