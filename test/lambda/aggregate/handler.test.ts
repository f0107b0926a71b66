import type { KinesisStreamEvent } from 'aws-lambda';
import { type AggregateDependencies, makeAggregate } from '../../../lambda/aggregate/handler';
import { platform } from '../../support/example-platform';
import { MemoryMetrics, silent } from '../../support/in-memory-stores';

const good = { event_id: 'w1', origin: 'EWR', temp: 40, observed_at: '2013-04-01T10:00:00.000Z' };

function event(bodies: readonly string[]): KinesisStreamEvent {
  const Records = bodies.map((body, index) => ({
    eventID: `shardId-0:${index + 1}`,
    eventSourceARN: 'arn:aws:kinesis:eu-west-1:0:stream/weather',
    kinesis: { data: Buffer.from(body).toString('base64'), sequenceNumber: String(index + 1) },
  }));
  return { Records } as unknown as KinesisStreamEvent;
}

function setUp(overrides: Partial<AggregateDependencies> = {}) {
  const added: object[] = [];
  const quarantined: { reason: string; sequenceNumber: string }[] = [];
  const dependencies: AggregateDependencies = {
    platform,
    stage: { name: 'dev' },
    sourceOf: (arn) => arn.split('/').at(-1),
    add: async (_, events) => void added.push(...events),
    quarantine: async (record) => void quarantined.push(record),
    metrics: new MemoryMetrics(),
    now: () => Date.UTC(2013, 3, 1, 12),
    log: silent,
    ...overrides,
  };
  return { added, quarantined, handler: makeAggregate(dependencies) };
}

test('poison records go to quarantine with their reason, all others are added once', async () => {
  const { handler, added, quarantined } = setUp();
  const bodies = [
    '{"event_id":',
    JSON.stringify({ ...good, origin: 'XXX' }),
    '{"a":1,"a":2}',
    JSON.stringify({ ...good, observed_at: '2014-04-01T10:00:00.000Z' }),
    ...Array.from({ length: 97 }, (_, at) => JSON.stringify({ ...good, event_id: `w${at}` })),
  ];

  await expect(handler(event(bodies))).resolves.toEqual({ batchItemFailures: [] });

  expect(added).toHaveLength(97);
  expect(quarantined.map(({ sequenceNumber }) => sequenceNumber)).toEqual(['1', '2', '3', '4']);
  expect(quarantined[0]?.reason).toMatch(/^syntax: /);
  expect(quarantined[1]?.reason).toMatch(/^origin: /);
  expect(quarantined[2]?.reason).toMatch(/^duplicate-key: /);
  expect(quarantined[3]?.reason).toBe('observed_at: must not lie in the future');
});

test('a failure of a store fails the batch from its first record, so that order is kept', async () => {
  const { handler } = setUp({
    add: async () => {
      throw new Error('the table is away');
    },
  });

  await expect(handler(event([JSON.stringify(good), JSON.stringify(good)]))).resolves.toEqual({
    batchItemFailures: [{ itemIdentifier: '1' }],
  });
});

test('a stream of no source is an error of the deployment', async () => {
  await expect(setUp({ sourceOf: () => undefined }).handler(event(['{}']))).rejects.toThrow(
    'no source belongs to arn:aws:kinesis',
  );
});
