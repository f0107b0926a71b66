import { names } from '../../../core/naming';
import type { EntityRecord } from '../../../lambda/adapters/feature-records';
import { Aggregator } from '../../../lambda/aggregate/aggregator';
import { platform } from '../../support/example-platform';
import { MemoryPages } from '../../support/in-memory-stores';

function departure(id: string, minute: number, delay: number, tailnum: string | null = 'N1') {
  const at = new Date(Date.UTC(2013, 3, 1, 10, minute)).toISOString();
  return {
    event_id: id,
    flight_id: id,
    carrier: 'UA',
    origin: 'EWR',
    dest: 'IAH',
    tailnum,
    distance: 1,
    scheduled_at: at,
    scheduled_hour: 1,
    scheduled_weekday: 1,
    dep_delay: delay,
    departed_at: at,
  };
}

function setUp() {
  const pages = new MemoryPages();
  const records = new Map<string, EntityRecord>();
  const features = {
    put: async (news: readonly EntityRecord[]) => {
      for (const record of news) records.set(`${record.group}/${record.entity}`, record);
    },
  };
  return { pages, records, aggregator: new Aggregator({ platform, names: names('dev'), pages, features }) };
}

const CONGESTION = 'slipway-dev-origin-congestion/EWR';

test('events become records of every group that they feed', async () => {
  const { aggregator, records } = setUp();

  await aggregator.add('departures', [departure('a', 0, 10), departure('b', 5, 20)]);

  expect([...records.keys()].toSorted()).toEqual([
    'slipway-dev-aircraft/N1',
    'slipway-dev-carrier-congestion/EWR#UA',
    CONGESTION,
  ]);
  expect(records.get(CONGESTION)?.values).toMatchObject({
    mean_dep_delay_1h: 15,
    share_late_1h: 0.5,
    max_dep_delay_1h: 20,
    departures_1h: 2,
  });
});

test('a batch that comes twice changes nothing', async () => {
  const { aggregator, records, pages } = setUp();
  const batch = [departure('a', 0, 10), departure('b', 5, 20)];

  await aggregator.add('departures', batch);
  const before = [JSON.stringify([...pages.pages]), JSON.stringify([...records])];
  await aggregator.add('departures', [...batch, ...batch]);

  expect([JSON.stringify([...pages.pages]), JSON.stringify([...records])]).toEqual(before);
});

test('a late event counts into its window, and the record stays that of the newest event', async () => {
  const { aggregator, records } = setUp();

  await aggregator.add('departures', [departure('b', 30, 20)]);
  await aggregator.add('departures', [departure('a', 0, 10)]);

  expect(records.get(CONGESTION)).toMatchObject({
    eventTime: Date.UTC(2013, 3, 1, 10, 30),
    values: { mean_dep_delay_1h: 15, departures_1h: 2 },
  });
  expect(records.get('slipway-dev-aircraft/N1')?.values.last_dep_delay).toBe(20);
});

test('another writer in between is seen, and nothing is lost', async () => {
  const { aggregator, records, pages } = setUp();
  await aggregator.add('departures', [departure('a', 0, 10)]);
  pages.before = () => {
    const key = [...pages.pages.keys()].find((it) => it.startsWith('origin_congestion#EWR')) ?? '';
    const page = pages.pages.get(key);
    if (page !== undefined) pages.pages.set(key, { ...page, version: page.version + 1 });
  };

  await aggregator.add('departures', [departure('b', 5, 20)]);

  expect(records.get(CONGESTION)?.values.departures_1h).toBe(2);
});

test('an event without an aircraft feeds the other groups', async () => {
  const { aggregator, records } = setUp();

  await aggregator.add('departures', [departure('a', 0, 10, null)]);

  expect([...records.keys()].some((key) => key.includes('aircraft'))).toBe(false);
  expect(records.get(CONGESTION)?.values.departures_1h).toBe(1);
});
