import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { entityKey, groupsOf, milliseconds, type Source, storedAggregations } from '../../../core/definition';
import { fillTrainingSet, glueColumns, sqlInstant, trainingSet } from '../../../core/training-set';
import { addToTile, entityEvent, isFresh, readRecord, type Tile, tileIndex, windowPlan } from '../../../core/windows';
import { platform } from '../../support/example-platform';

type Row = Record<string, string | number | null>;

const model = platform.models[0] ?? fail();
const FROM = Date.UTC(2013, 0, 2);
const DUCKDB_TYPES = { string: 'VARCHAR', double: 'DOUBLE', bigint: 'BIGINT', timestamp: 'TIMESTAMP' };
let connection: DuckDBConnection;

function fail(): never {
  throw new Error('the example has no model');
}

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("SET TimeZone='UTC'; CREATE MACRO to_unixtime(t) AS epoch(t)");
  for (const source of platform.sources) {
    const columns = glueColumns(source).map(({ name, type }) => `${name} ${DUCKDB_TYPES[type]}`);
    await connection.run(`CREATE TABLE ${source.name} (${columns.join(', ')}, event_date VARCHAR)`);
  }
});

afterAll(() => connection.closeSync());

function iso(at: number): string {
  return new Date(at).toISOString();
}

async function load(source: Source, rows: readonly Row[]): Promise<void> {
  await connection.run(`DELETE FROM ${source.name}`);
  if (rows.length === 0) return;
  const literal = (value: string | number | null | undefined, timestamp: boolean) =>
    value === null || value === undefined
      ? 'NULL'
      : timestamp
        ? `TIMESTAMP '${String(value).replace('T', ' ').replace('Z', '')}'`
        : typeof value === 'number'
          ? `${value}`
          : `'${value}'`;
  const tuples = rows.map((row) => {
    const values = glueColumns(source).map(({ name, type }) => literal(row[name], type === 'timestamp'));
    return `(${[...values, `'${String(row[source.eventTime]).slice(0, 10)}'`].join(', ')})`;
  });
  await connection.run(`INSERT INTO ${source.name} VALUES ${tuples.join(', ')}`);
}

/** The features that the stream would serve at an instant: events up to it, in order of arrival, through tiles. */
function streamed(events: Readonly<Record<string, readonly Row[]>>, spine: Row): Row {
  const now = Date.parse(String(spine.scheduled_at));
  const values: Row = {};
  for (const group of groupsOf(platform, model)) {
    const source = platform.sources.find((it) => it.name === group.source) ?? fail();
    const plan = windowPlan(group, source);
    const tiles = new Map<number, Tile>();
    for (const row of events[group.source] ?? []) {
      const seen = entityEvent(plan, row);
      if (seen === undefined || seen.at > now || seen.entity !== entityKey(group, spine)) continue;
      tiles.set(tileIndex(plan, seen.at), addToTile(plan, tiles.get(tileIndex(plan, seen.at)), seen));
    }
    const record = readRecord(plan, [...tiles.values()]);
    const fresh = record !== undefined && isFresh(record.eventTime, now, milliseconds(group.ttl)) ? record : undefined;
    for (const [name] of storedAggregations(group)) values[`${group.name}__${name}`] = fresh?.values[name] ?? null;
    if (group.name === 'aircraft')
      values.aircraft__last_dep_delay_age = fresh === undefined ? null : (now - fresh.eventTime) / 1000;
  }
  return values;
}

const minute = fc.integer({ min: -600, max: 1200 });
const delay = fc.integer({ min: -15, max: 240 });
const flights = fc.uniqueArray(
  fc.record({
    n: fc.nat(200),
    origin: fc.constantFrom('EWR', 'JFK'),
    carrier: fc.constantFrom('UA', 'B6', 'DL'),
    tailnum: fc.option(fc.constantFrom('N1', 'N2', 'N3')),
    minute,
    delay,
    arrives: fc.boolean(),
  }),
  { selector: (it) => it.n, maxLength: 60 },
);
const observations = fc.uniqueArray(
  fc.record({
    n: fc.nat(100),
    origin: fc.constantFrom('EWR', 'JFK'),
    minute,
    temp: fc.option(fc.integer({ min: 0, max: 100 })),
    wind: fc.option(fc.double({ min: 0, max: 40, noNaN: true })),
  }),
  { selector: (it) => it.n, maxLength: 25 },
);

function toEvents(scenario: {
  flights: typeof flights extends fc.Arbitrary<infer T> ? T : never;
  weather: typeof observations extends fc.Arbitrary<infer T> ? T : never;
}) {
  const departures: Row[] = scenario.flights.map((it) => ({
    event_id: `d${it.n}`,
    flight_id: `f${it.n}`,
    origin: it.origin,
    carrier: it.carrier,
    dest: 'LAX',
    tailnum: it.tailnum,
    distance: 100,
    scheduled_at: iso(FROM + it.minute * 60_000),
    scheduled_hour: 1,
    scheduled_weekday: 1,
    dep_delay: it.delay,
    departed_at: iso(FROM + (it.minute + it.delay) * 60_000),
  }));
  const arrivals: Row[] = scenario.flights
    .filter((it) => it.arrives)
    .map((it) => ({
      event_id: `a${it.n}`,
      flight_id: `f${it.n}`,
      arr_delay: it.delay,
      arrived_at: iso(FROM + (it.minute + it.delay + 90) * 60_000),
    }));
  const weather: Row[] = scenario.weather.map((it) => ({
    event_id: `w${it.n}`,
    origin: it.origin,
    temp: it.temp,
    wind_speed: it.wind,
    precip: 0,
    visib: 10,
    observed_at: iso(FROM + it.minute * 60_000),
  }));
  return { departures, arrivals, weather };
}

const TO = FROM + 20 * 3_600_000;

/** Loads events as they were delivered, and compares each row of the training set with what the stream would have served. */
async function sameAsStream(
  events: ReturnType<typeof toEvents>,
  disorder: (rows: readonly Row[]) => Row[] = (rows) => [...rows],
): Promise<Row[]> {
  const { sql, label } = trainingSet(platform, model);
  const delivered = {
    departures: disorder(events.departures),
    arrivals: disorder(events.arrivals),
    weather: disorder(events.weather),
  };
  for (const source of platform.sources) await load(source, delivered[source.name as keyof typeof delivered]);

  const filled = fillTrainingSet(sql, new Date(FROM), new Date(TO));
  const rows = (await connection.runAndReadAll(filled)).getRowObjectsJson();

  const arrived = new Map(events.arrivals.map((row) => [row.flight_id, row]));
  const expected = events.departures.filter(
    (row) => arrived.has(row.flight_id ?? null) && String(row.scheduled_at) >= iso(FROM) && String(row.scheduled_at) < iso(TO),
  );
  expect(rows.map((row) => row.flight_id).toSorted()).toEqual(expected.map((row) => row.flight_id).toSorted());
  return expected.map((spine) => {
    const row = rows.find((it) => it.flight_id === spine.flight_id) ?? {};
    expect(Number(row[label])).toBe(Number(arrived.get(spine.flight_id ?? null)?.arr_delay) > 15 ? 1 : 0);
    const served = streamed(delivered, spine);
    for (const [column, value] of Object.entries(served)) {
      const given = row[column] === null ? null : Number(row[column]);
      if (value === null || given === null) expect([column, given]).toEqual([column, value]);
      else expect(given).toBeCloseTo(Number(value), 6);
    }
    return served;
  });
}

test('SQL over the lake equals the stream on random events, late, repeated and out of order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.record({ flights, weather: observations }), fc.nat(), async (scenario, salt) => {
      await sameAsStream(toEvents(scenario), (rows) =>
        [...rows, ...rows.slice(0, 7)]
          .map((row, at) => ({ row, key: (at * 7919 + salt) % 101 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ row }) => row),
      );
    }),
    { numRuns: 25 },
  );
});

test('what happened before the first row counts as long as a record lives and its window reaches back', async () => {
  const flight = { origin: 'EWR' as const, carrier: 'UA' as const, tailnum: 'N1' as const, delay: 40, arrives: true };
  const { departures: known, arrivals } = toEvents({
    flights: [
      { ...flight, n: 1, minute: -46 * 60 },
      { ...flight, n: 2, minute: -23 * 60, delay: 0 },
      { ...flight, n: 3, minute: 30 },
    ],
    weather: [],
  });
  // The newest departure before the flight has no delay, so that the one a day before it is the last that is known.
  const departures = known.map((row) => (row.flight_id === 'f2' ? { ...row, dep_delay: null } : row));

  const [served] = await sameAsStream({ departures, arrivals, weather: [] });

  expect(served).toMatchObject({ aircraft__last_dep_delay: 40, aircraft__last_dep_delay_age: 23.5 * 3600 });
  // A day of life, a day of window, and the day in which the first row lies.
  expect(trainingSet(platform, model).sql).toContain("- INTERVAL '3' DAY");
});

test('an instant is written as both engines read it', () => {
  expect(sqlInstant(new Date(FROM + 1))).toBe('2013-01-02 00:00:00.001');
});

test('a missing value is null, or what the model says instead', async () => {
  const features = model.features.map((feature) =>
    feature.feature === 'last_dep_delay' ? { ...feature, missing: { default: 7 } } : feature,
  );
  const { departures, arrivals } = toEvents({
    flights: [{ n: 1, origin: 'EWR', carrier: 'UA', tailnum: null, minute: 60, delay: 10, arrives: true }],
    weather: [],
  });
  await load(platform.sources.find(({ name }) => name === 'departures') ?? fail(), departures);
  await load(platform.sources.find(({ name }) => name === 'arrivals') ?? fail(), arrivals);
  await load(platform.sources.find(({ name }) => name === 'weather') ?? fail(), []);

  const rowOf = async (features: typeof model.features) => {
    const filled = fillTrainingSet(trainingSet(platform, { ...model, features }).sql, new Date(FROM), new Date(TO));
    return (await connection.runAndReadAll(filled)).getRowObjectsJson();
  };

  expect(await rowOf(features)).toMatchObject([{ aircraft__last_dep_delay: 7, aircraft__last_dep_delay_age: null }]);
  expect(await rowOf(features.map((it) => ({ ...it, missing: 'allow' as const })))).toMatchObject([
    { aircraft__last_dep_delay: null },
  ]);
});

test('the columns are the inputs of the model, in their order', () => {
  const { columns, label, timeColumn, keyColumn } = trainingSet(platform, model);

  expect(columns[1]).toEqual({ name: 'origin', type: 'category', unknown: 'reject' });
  expect(columns.find((column) => column.name === 'distance')).toEqual({ name: 'distance', type: 'numeric' });
  expect(columns.find((column) => column.name === 'origin_congestion__departures_1h')?.type).toBe('numeric');
  expect({ label, timeColumn, keyColumn }).toEqual({
    label: 'late_arrival',
    timeColumn: 'scheduled_at',
    keyColumn: 'flight_id',
  });
});

test('no text that only one of the engines reads', () => {
  const { sql } = trainingSet(platform, model);

  expect(sql).not.toMatch(/QUALIFY|\bASOF\b|FILTER|IGNORE NULLS|date_diff|"|`/i);
  expect(sql.length).toBeLessThan(262_144);
});
