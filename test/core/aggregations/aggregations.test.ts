import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import {
  age,
  aggregationSchema,
  columnsOf,
  isWindowed,
  readTimeKind,
  valueType,
  WINDOWED_KINDS,
  type WindowedAggregation,
  windowedKind,
} from '../../../core/aggregations';
import { defineSource, number, string, timestamp } from '../../../core/definition';
import { recordCtes } from '../../../core/training-set';
import { addToTile, entityEvent, readRecord, type Tile, tileIndex, windowPlan } from '../../../core/windows';

const readings = defineSource({
  name: 'readings',
  owner: 'plant',
  description: 'A machine has reported a temperature.',
  schema: { id: string(), machine: string(), heat: number({ nullable: true }), measured_at: timestamp() },
  eventId: 'id',
  eventTime: 'measured_at',
  partitionKey: 'machine',
});

/** What each kind means, in DuckDB's own aggregates over the events of a window: independent of our SQL and of the stream. */
const REFERENCE: Readonly<Record<string, string>> = {
  count: 'count(*)',
  mean: 'avg(heat)',
  share: 'avg(CASE WHEN heat > 15 THEN 1 ELSE 0 END) FILTER (heat IS NOT NULL)',
  max: 'max(heat)',
  min: 'min(heat)',
  sum: 'sum(heat)',
  last: 'arg_max(heat, (measured_at, id)) FILTER (heat IS NOT NULL)',
};
const EXTRA: Readonly<Record<string, object>> = { share: { above: 15 } };
const WINDOWS = ['5m', '1h', '2h'] as const;
const START = Date.UTC(2020, 0, 1);

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("SET TimeZone='UTC'; CREATE MACRO to_unixtime(t) AS epoch(t)");
  await connection.run('CREATE TABLE readings (id VARCHAR, machine VARCHAR, heat DOUBLE, measured_at TIMESTAMP)');
});
afterAll(() => connection.closeSync());

function definitionOf(kind: string, window: string): WindowedAggregation {
  const column = kind === 'count' ? {} : { column: 'heat' };
  const parsed = aggregationSchema.parse({ kind, window, ...column, ...EXTRA[kind] });
  if (!isWindowed(parsed)) throw new Error(`${kind} is not over a window`);
  return parsed;
}

const features = Object.fromEntries(
  WINDOWED_KINDS.flatMap((kind) => WINDOWS.map((window) => [`${kind}_${window}`, definitionOf(kind, window)])),
);
const group = {
  name: 'machine_heat',
  owner: 'plant',
  description: 'How hot a machine has been lately.',
  source: 'readings',
  entity: ['machine'],
  ttl: '7d' as const,
  aggregations: features,
};
const plan = windowPlan(group, { ...readings, schema: { ...readings.schema } });

interface Reading {
  readonly id: string;
  readonly machine: string;
  readonly heat: number | null;
  readonly at: number;
}

const streams = fc
  .uniqueArray(
    fc.record({
      n: fc.nat(400),
      machine: fc.constantFrom('m1', 'm2'),
      heat: fc.option(fc.double({ min: -1000, max: 1000, noNaN: true }), { freq: 4 }),
      minute: fc.nat(360),
    }),
    { selector: (it) => it.n, minLength: 1, maxLength: 40 },
  )
  .map((list) =>
    list.map(({ n, machine, heat, minute }): Reading => ({ id: `e${n}`, machine, heat, at: START + minute * 60_000 })),
  );

async function load(events: readonly Reading[]): Promise<void> {
  await connection.run('DELETE FROM readings');
  const rows = events.map(
    ({ id, machine, heat, at }) =>
      `('${id}', '${machine}', ${heat ?? 'NULL'}, TIMESTAMP '${new Date(at).toISOString().slice(0, 23)}')`,
  );
  await connection.run(`INSERT INTO readings VALUES ${rows.join(', ')}`);
}

async function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

/** The record of a machine after the events up to an instant, as the stream serves it. */
function streamed(events: readonly Reading[], machine: string, until: number) {
  const tiles = new Map<number, Tile>();
  for (const { at, ...rest } of events) {
    const event = entityEvent(plan, { ...rest, measured_at: new Date(at).toISOString() });
    if (event === undefined || event.entity !== machine || event.at > until) continue;
    tiles.set(tileIndex(plan, event.at), addToTile(plan, tiles.get(tileIndex(plan, event.at)), event));
  }
  return readRecord(plan, [...tiles.values()])?.values ?? {};
}

function sameNumber(given: unknown, wanted: unknown, what: string): void {
  if (given === null || wanted === null) expect([what, given]).toEqual([what, wanted]);
  else expect(Math.abs(Number(given) - Number(wanted))).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(Number(wanted))));
}

test('every kind over a window has a reference', () => {
  expect(Object.keys(REFERENCE).toSorted()).toEqual([...WINDOWED_KINDS].toSorted());
});

test('stream, SQL of the record and DuckDB agree for every kind, window and event', async () => {
  const names = Object.keys(features);
  const width = plan.widthMs / 1000;
  await fc.assert(
    fc.asyncProperty(streams, fc.nat(), async (events, salt) => {
      await load(events);
      const sql = await rowsOf(
        `WITH ${recordCtes(plan, 'readings').join(',\n')} SELECT machine, epoch_ms(ts) AS ms, * FROM machine_heat_records`,
      );
      const shuffled = events.toSorted(
        (a, b) => ((Number(a.id.slice(1)) * 7919 + salt) % 101) - ((Number(b.id.slice(1)) * 7919 + salt) % 101),
      );
      for (const row of sql) {
        const at = Number(row.ms);
        const machine = String(row.machine);
        const tile = Math.floor(at / plan.widthMs);
        const wanted = plan.features.map(({ name, tiles }) => {
          const kind = name.split('_')[0] ?? '';
          const inside = `machine = '${machine}' AND epoch_ms(measured_at) <= ${at} AND floor(epoch(measured_at) / ${width}) > ${tile - tiles}`;
          return `(SELECT ${REFERENCE[kind]} FROM readings WHERE ${inside}) AS ${name}`;
        });
        const [reference] = await rowsOf(`SELECT ${wanted.join(', ')}`);
        const served = streamed(shuffled, machine, at);
        for (const name of names) {
          sameNumber(row[name], reference?.[name], `${name} in SQL`);
          sameNumber(served[name], reference?.[name], `${name} in the stream`);
        }
      }
    }),
    { numRuns: 15 },
  );
});

test('a sum of nothing is nothing, a count of nothing is 0', () => {
  expect(windowedKind(definitionOf('sum', '1h')).finish(undefined)).toBeNull();
  expect(windowedKind(definitionOf('count', '1h')).finish(undefined)).toBe(0);
  expect(windowedKind(definitionOf('min', '1h')).finish(undefined)).toBeNull();
});

test('a value that is no finite number is not observed', () => {
  for (const kind of WINDOWED_KINDS.filter((it) => it !== 'count')) {
    const definition = definitionOf(kind, '1h');
    for (const heat of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY, '5'])
      expect(windowedKind(definition).observe(definition, { id: 'a', at: 0, values: { heat } })).toBeUndefined();
  }
});

test('a share counts what is above its threshold, not what is at it', () => {
  const definition = definitionOf('share', '1h');
  const above = (heat: number) => windowedKind(definition).observe(definition, { id: 'a', at: 0, values: { heat } });

  expect([above(15), above(15.1)]).toEqual([
    { n: 1, value: 0 },
    { n: 1, value: 1 },
  ]);
});

test('of two values at one instant the greater id is the last one', () => {
  const definition = definitionOf('last', '1h');
  const kind = windowedKind(definition);
  const seen = (id: string, at: number, heat: number) => kind.observe(definition, { id, at, values: { heat } }) ?? {};

  expect(kind.merge(seen('a', 5, 1), seen('b', 5, 2))).toEqual({ n: 2, value: 2, at: 5, id: 'b' });
  expect(kind.merge(seen('b', 5, 2), seen('a', 5, 1))).toEqual({ n: 2, value: 2, at: 5, id: 'b' });
  expect(kind.merge(seen('a', 6, 1), seen('b', 5, 2))).toEqual({ n: 2, value: 1, at: 6, id: 'a' });
});

test('an age is computed when it is read', () => {
  const kind = readTimeKind(age());

  expect(isWindowed(age())).toBe(false);
  expect(columnsOf(age())).toEqual([]);
  expect(kind?.read(1000, 2500)).toBe(1.5);
  expect(kind?.sql('a.ts', 'spine.t')).toBe('to_unixtime(spine.t) - to_unixtime(a.ts)');
});

test('counts are whole numbers, everything else is not', () => {
  const types = Object.fromEntries(WINDOWED_KINDS.map((kind) => [kind, valueType(definitionOf(kind, '1h'))]));

  expect(types).toEqual({
    count: 'integer',
    last: 'number',
    max: 'number',
    mean: 'number',
    min: 'number',
    share: 'number',
    sum: 'number',
  });
  expect(valueType(age())).toBe('number');
});

test('features that differ in their window share what a tile keeps, those that differ in anything else do not', () => {
  const keys = new Set(plan.measures.map(({ key }) => key));

  expect(keys).toEqual(new Set(['count', 'last_heat', 'max_heat', 'mean_heat', 'min_heat', 'share_heat_15', 'sum_heat']));
});
