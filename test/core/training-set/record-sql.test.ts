import { DuckDBInstance } from '@duckdb/node-api';
import { count, mean, share } from '../../../core/aggregations';
import { defineFeatureGroup, defineSource, number, string, timestamp } from '../../../core/definition';
import { recordCtes } from '../../../core/training-set';
import { windowPlan } from '../../../core/windows';

const readings = defineSource({
  name: 'readings',
  owner: 'plant',
  description: 'A machine has reported a temperature.',
  schema: { id: string(), machine: string(), heat: number(), measured_at: timestamp() },
  eventId: 'id',
  eventTime: 'measured_at',
  partitionKey: 'machine',
});

function groupOf(features: Parameters<typeof defineFeatureGroup<typeof readings.schema, string>>[0]['features']) {
  const group = { name: 'heat', owner: 'plant', description: 'How hot a machine is.', source: readings, ttl: '7d' as const };
  return windowPlan(defineFeatureGroup({ ...group, entity: ['machine'], features }), readings);
}

test('thresholds below zero and between whole numbers name columns apart', async () => {
  const plan = groupOf({
    above_minus: share('heat', { above: -1.5 }).over('1h'),
    above_plus: share('heat', { above: 1.5 }).over('1h'),
  });
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("SET TimeZone='UTC'; CREATE MACRO to_unixtime(t) AS epoch(t)");
  await connection.run(`CREATE TABLE readings AS SELECT * FROM (VALUES
    ('a', 'm', -2.0::DOUBLE, TIMESTAMP '2020-01-01 00:00:00'), ('b', 'm', 0.0, TIMESTAMP '2020-01-01 00:20:00'),
    ('c', 'm', 1.0, TIMESTAMP '2020-01-01 00:21:00'), ('d', 'm', 2.0, TIMESTAMP '2020-01-01 00:40:00')
  ) AS t(id, machine, heat, measured_at)`);

  const sql = `WITH ${recordCtes(plan, 'readings').join(',\n')} SELECT above_minus, above_plus FROM heat_records ORDER BY ts DESC LIMIT 1`;
  const [row] = (await connection.runAndReadAll(sql)).getRowObjectsJson();
  connection.closeSync();

  expect(row).toEqual({ above_minus: 0.75, above_plus: 0.25 });
  expect(sql).toContain('share_heat_minus1p5_n');
  expect(sql).toContain('share_heat_1p5_n');
});

test('a window of one tile has no tiles before its own', () => {
  const plan = groupOf({ readings_1h: count().over('1h'), mean_1h: mean('heat').over('1h') });
  const one = { ...plan, features: plan.features.map((feature) => ({ ...feature, tiles: 1 })) };

  expect(recordCtes(plan, 'readings').join()).toMatch(/BETWEEN \d+ PRECEDING AND 1 PRECEDING/);
  expect(recordCtes(one, 'readings').join()).not.toMatch(/PRECEDING AND 1 PRECEDING/);
});
