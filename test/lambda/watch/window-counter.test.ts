import type { InferenceEntry } from '../../../core/serving';
import { Publisher } from '../../../lambda/watch/publisher';
import { type StreamedEntry, WindowCounter } from '../../../lambda/watch/window-counter';
import { platform } from '../../support/example-platform';
import { MemoryHistory, MemoryMetrics, MemoryWindows } from '../../support/in-memory-stores';

const DAY = 86_400_000;
const START = Date.UTC(2013, 3, 1);
const profile = {
  features: { distance: { type: 'numeric' as const, edges: [10], counts: [500, 500], missing: 0, n: 1000, min: 0, max: 20 } },
};

function prediction(n: number, distance = 5): InferenceEntry {
  return {
    type: 'prediction',
    prediction_id: `flight-delay.${n}`,
    model: 'flight-delay',
    model_version: '1',
    entity: `f${n}`,
    consumer: 'c',
    request_id: 'r',
    occurred_at: new Date(START + n).toISOString(),
    inputs: JSON.stringify({ distance }),
    score: 0.8,
    predicted: 'true',
  };
}

function outcome(n: number, actual = 30): InferenceEntry {
  return {
    type: 'outcome',
    prediction_id: `flight-delay.${n}`,
    model: 'flight-delay',
    consumer: 'c',
    request_id: 'r',
    occurred_at: new Date(START + n).toISOString(),
    actual,
  };
}

function streamed(entries: readonly InferenceEntry[], from = 1): StreamedEntry[] {
  return entries.map((entry, at) => ({ shard: 's', sequence: String(from + at), entry }));
}

function setUp() {
  const table = new MemoryWindows();
  const metrics = new MemoryMetrics();
  const history = new MemoryHistory();
  let now = START;
  const shared = { platform, table, profile: async () => profile, now: () => now };
  return {
    table,
    metrics,
    history,
    counter: new WindowCounter(shared),
    publisher: new Publisher({ ...shared, stage: { name: 'dev' }, history, metrics }),
    at: (instant: number) => {
      now = instant;
    },
    state: () => [...table.windows.values()][0]?.state,
  };
}

test('a batch that comes twice counts once', async () => {
  const { counter, state } = setUp();
  const batch = streamed([prediction(1), prediction(2), outcome(1), outcome(2, 0)]);

  await counter.add(batch);
  await counter.add(batch);

  expect(state()?.predictions).toBe(2);
  expect(state()?.quality).toMatchObject({ confusion: { tp: 1, fp: 1, fn: 0, tn: 0 } });
});

test('an outcome that a client sends twice counts once, in one batch and across batches', async () => {
  const { counter, state } = setUp();

  await counter.add(streamed([prediction(1), outcome(1), outcome(1)]));
  await counter.add(streamed([outcome(1, 0)], 10));

  expect(state()?.quality).toMatchObject({ confusion: { tp: 1, fp: 0, fn: 0, tn: 0 } });
});

test('an outcome without its prediction is left out', async () => {
  const { counter, table } = setUp();

  await counter.add(streamed([outcome(7)]));

  expect(table.windows.size).toBe(0);
});

test('a window is published once, after its end', async () => {
  const { counter, publisher, metrics, at } = setUp();
  await counter.add(streamed(Array.from({ length: 250 }, (_, n) => prediction(n, 5 + 10 * (n % 2)))));

  await publisher.publish();
  expect(metrics.data).toEqual([]);
  at(START + DAY);
  await publisher.publish();
  const first = metrics.data.length;
  await publisher.publish();

  expect(first).toBeGreaterThan(0);
  expect(metrics.data).toHaveLength(first);
  expect(metrics.data.find(({ name }) => name === 'DriftRatio')).toMatchObject({
    dimensions: { Stage: 'dev', Model: 'flight-delay' },
  });
});

test('drift is told in the ledger with input, statistic and limit', async () => {
  const { counter, publisher, history, at } = setUp();
  await counter.add(streamed(Array.from({ length: 250 }, (_, n) => prediction(n, 15))));

  at(START + DAY);
  await publisher.publish();

  expect([...history.entries.values()][0]).toMatchObject({
    event: 'drift-detected',
    version: '1',
    reason: expect.stringMatching(/^distance: psi [\d.]+ > 0.25/),
  });
});
