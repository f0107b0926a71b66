import fc from 'fast-check';
import type { SourceEvent } from '../../../core/aggregations';
import { addToTile, isFresh, mergeTiles, readRecord, type Tile, tileIndex, windowPlan } from '../../../core/windows';
import { departures, originCongestion } from '../../support/example-platform';

const plan = windowPlan(originCongestion, departures);
const MINUTE = 60_000;

function event(id: string, minute: number, dep_delay: number | null): SourceEvent {
  return { id, at: minute * MINUTE, values: { dep_delay } };
}

function tilesOf(events: readonly SourceEvent[]): Map<number, Tile> {
  const tiles = new Map<number, Tile>();
  for (const it of events) tiles.set(tileIndex(plan, it.at), addToTile(plan, tiles.get(tileIndex(plan, it.at)), it));
  return tiles;
}

function recordOf(events: readonly SourceEvent[]) {
  return readRecord(plan, [...tilesOf(events).values()]);
}

const events = fc.array(fc.record({ n: fc.nat(30), minute: fc.nat(400), delay: fc.option(fc.integer({ min: -20, max: 200 })) }), {
  maxLength: 60,
});
const distinct = events.map((list) =>
  [...new Map(list.map((it) => [it.n, it])).values()].map((it) => event(`e${it.n}`, it.minute, it.delay)),
);

test('a record sums up whole tiles up to the newest event', () => {
  const record = recordOf([event('a', 0, 100), event('b', 5, 10), event('c', 30, 20), event('d', 59, null)]);

  expect(record).toEqual({
    eventTime: 59 * MINUTE,
    values: expect.objectContaining({
      mean_dep_delay_1h: 130 / 3,
      share_late_1h: 2 / 3,
      max_dep_delay_1h: 100,
      departures_1h: 4,
    }),
  });
  expect(recordOf([event('a', 0, 100), event('b', 60, 10)])?.values).toMatchObject({
    mean_dep_delay_1h: 10,
    mean_dep_delay_3h: 55,
  });
});

test('nothing is known before the first event, and of values only null', () => {
  expect(readRecord(plan, [])).toBeUndefined();
  expect(recordOf([event('a', 0, null)])?.values).toMatchObject({
    mean_dep_delay_1h: null,
    max_dep_delay_1h: null,
    departures_1h: 1,
  });
});

test('order and repetition of events change nothing', () => {
  fc.assert(
    fc.property(distinct, fc.infiniteStream(fc.nat()), (list, random) => {
      const noise = [...list, ...list.filter((_, at) => at % 3 === 0)].map((it) => ({ it, key: random.next().value ?? 0 }));
      const shuffled = noise.toSorted((a, b) => a.key - b.key).map(({ it }) => it);

      expect(recordOf(shuffled)).toEqual(recordOf(list));
    }),
  );
});

test('adding an event twice returns the same tile', () => {
  const tile = addToTile(plan, undefined, event('a', 1, 5));

  expect(addToTile(plan, tile, event('a', 1, 5))).toBe(tile);
});

test('tiles of disjoint events merge into the tile of all', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 200 }), { minLength: 2, maxLength: 20 }), fc.nat(18), (delays, cut) => {
      const all = delays.map((delay, at) => event(`e${at}`, at / 10, delay));
      const at = 1 + (cut % (all.length - 1));
      const fold = (part: SourceEvent[]) => part.reduce<Tile | undefined>((tile, it) => addToTile(plan, tile, it), undefined);
      const [left, right, whole] = [fold(all.slice(0, at)), fold(all.slice(at)), fold(all)];

      if (left === undefined || right === undefined) throw new Error('empty part');
      expect(mergeTiles(plan, left, right)).toEqual(whole);
    }),
  );
});

test('a tile refuses events and tiles of another span', () => {
  const tile = addToTile(plan, undefined, event('a', 1, 5));

  expect(() => addToTile(plan, tile, event('b', 6, 5))).toThrow('event of tile 1 added to tile 0');
  expect(() => mergeTiles(plan, tile, addToTile(plan, undefined, event('b', 6, 5)))).toThrow('tiles 0 and 1 cannot merge');
});

test('a record is fresh until its time to live has passed, not at that instant', () => {
  expect([isFresh(0, 999, 1000), isFresh(0, 1000, 1000)]).toEqual([true, false]);
  expect([isFresh(300_000, 0, 1000), isFresh(300_001, 0, 1000)]).toEqual([true, false]);
});

test('a sum of fractions is the same in whatever order the tiles are read', () => {
  const tiles = [...tilesOf([event('a', 0, 1e16), event('b', 10, 1), event('c', 20, -1e16), event('d', 30, 1)]).values()];

  expect(readRecord(plan, tiles)?.values.mean_dep_delay_1h).toBe(0.25);
  expect(readRecord(plan, tiles.toReversed())).toEqual(readRecord(plan, tiles));
});
