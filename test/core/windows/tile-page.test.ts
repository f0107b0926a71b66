import fc from 'fast-check';
import { count, mean } from '../../../core/aggregations';
import { defineFeatureGroup, defineSource, number, string, timestamp } from '../../../core/definition';
import { addToPages, type EntityEvent, pagesToRead, type TilePage, windowPlan } from '../../../core/windows';

const readings = defineSource({
  name: 'readings',
  owner: 'plant',
  description: 'A machine has reported a temperature.',
  schema: { id: string(), machine: string(), heat: number(), measured_at: timestamp() },
  eventId: 'id',
  eventTime: 'measured_at',
  partitionKey: 'machine',
});
const group = defineFeatureGroup({
  name: 'machine_heat',
  owner: 'plant',
  description: 'How hot a machine has been lately.',
  source: readings,
  entity: ['machine'],
  ttl: '7d',
  features: { mean_1h: mean('heat').over('1h'), readings_2h: count().over('2h') },
});
const plan = windowPlan(group, readings);
const MINUTE = 60_000;
const TTL = 7 * 86_400_000;

function event(n: number, minute: number, heat: number, entity = 'm1'): EntityEvent {
  return { id: `e${n}`, at: minute * MINUTE, entity, values: { heat } };
}

/** Plays batches as the function does: reads what it must, writes what changed. */
function play(batches: readonly (readonly EntityEvent[])[]) {
  const stored = new Map<string, TilePage>();
  const records = new Map<string, unknown>();
  for (const batch of batches) {
    const read = pagesToRead(plan, batch).flatMap(({ key, page }) => stored.get(`${key}/${page}`) ?? []);
    for (const { entity, pages, record } of addToPages(plan, batch, read, TTL)) {
      for (const page of pages) {
        expect(page.version).toBe((stored.get(`${page.key}/${page.page}`)?.version ?? 0) + 1);
        stored.set(`${page.key}/${page.page}`, page);
      }
      records.set(entity, record);
    }
  }
  return { stored, records };
}

const events = fc
  .uniqueArray(fc.record({ n: fc.nat(200), minute: fc.nat(600), heat: fc.integer({ min: 0, max: 99 }) }), {
    selector: ({ n }) => n,
    minLength: 1,
    maxLength: 40,
  })
  .map((list) => list.map(({ n, minute, heat }) => event(n, minute, heat)));

test('however events in order are cut into batches and repeated, the record is the same', () => {
  fc.assert(
    fc.property(events, fc.array(fc.nat(39), { maxLength: 6 }), (list, cuts) => {
      const ordered = list.toSorted((a, b) => a.at - b.at);
      const ends = [...new Set([...cuts.filter((cut) => cut > 0 && cut < ordered.length), ordered.length])].toSorted(
        (a, b) => a - b,
      );
      const whole = play([ordered]);

      // Each batch begins a little before the last one ended: those events are delivered a second time.
      const cut = play(ends.map((end, at) => ordered.slice(Math.max(0, (ends[at - 1] ?? 0) - 2), end)));

      expect(cut.records).toEqual(whole.records);
    }),
  );
});

test('events that are inside already change no page', () => {
  const { stored } = play([[event(1, 0, 5)], [event(1, 0, 5)]]);

  expect([...stored.values()].map(({ version }) => version)).toEqual([1]);
});

test('a late event does not take the record back in time', () => {
  const { records } = play([[event(1, 130, 10)], [event(2, 10, 99)]]);

  expect(records.get('m1')).toMatchObject({ eventTime: 130 * MINUTE, values: { mean_1h: 10 } });
  // Later than that it gives a record of its own time, which the online store leaves, since it keeps the newest.
  expect(play([[event(1, 300, 10)], [event(2, 10, 99)]]).records.get('m1')).toMatchObject({ eventTime: 10 * MINUTE });
});

test('entities are kept apart, in one batch too', () => {
  const { records } = play([[event(1, 0, 10), event(2, 1, 20, 'm2')]]);

  expect(records.get('m1')).toMatchObject({ values: { mean_1h: 10, readings_2h: 1 } });
  expect(records.get('m2')).toMatchObject({ values: { mean_1h: 20, readings_2h: 1 } });
});

test('a page outlives the last window that needs it by the time to live', () => {
  const { stored } = play([[event(1, 0, 10)]]);
  const [page] = [...stored.values()];

  expect(page?.expires).toBe((2 * plan.depth * plan.widthMs + TTL) / 1000);
  expect(plan.depth * plan.widthMs).toBe(120 * MINUTE);
});

test('entities are kept apart when their pages are read together', () => {
  const { stored, records } = play([
    [event(1, 0, 10), event(2, 1, 20, 'm2')],
    [event(3, 2, 30), event(4, 3, 50, 'm2')],
  ]);

  expect(records.get('m1')).toMatchObject({ values: { mean_1h: 20, readings_2h: 2 } });
  expect(records.get('m2')).toMatchObject({ values: { mean_1h: 35, readings_2h: 2 } });
  expect([...stored.values()].map(({ key, version }) => [key, version])).toEqual([
    ['machine_heat#m1', 2],
    ['machine_heat#m2', 2],
  ]);
});

test('a page holds its own tiles alone, in the order of time', () => {
  const { stored } = play([[event(1, 125, 10)], [event(2, 119, 10), event(3, 65, 10), event(4, 5, 10)]]);

  const indices = [...stored.values()].map(({ page, tiles }) => [page, tiles.map(({ index }) => index * plan.widthMs)]);
  const startOf = (minute: number) => Math.floor((minute * MINUTE) / plan.widthMs) * plan.widthMs;
  expect(indices).toEqual([
    [1, [startOf(125)]],
    [0, [startOf(5), startOf(65), startOf(119)]],
  ]);
});

test('a window reaches into the page before, and a late event meets the record of the page after', () => {
  expect(pagesToRead(plan, [event(1, 130, 10)]).map(({ page }) => page)).toEqual([0, 1, 2]);
  expect(play([[event(1, 110, 10)], [event(2, 130, 20)]]).records.get('m1')).toMatchObject({
    eventTime: 130 * MINUTE,
    values: { mean_1h: 15, readings_2h: 2 },
  });
  expect(play([[event(1, 130, 10)], [event(2, 110, 20)]]).records.get('m1')).toMatchObject({
    eventTime: 130 * MINUTE,
    values: { mean_1h: 15, readings_2h: 2 },
  });
});
