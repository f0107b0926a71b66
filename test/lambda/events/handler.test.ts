import type { StreamRecord } from '../../../lambda/adapters/event-stream';
import { makeEvents } from '../../../lambda/events/handler';
import { apiCall } from '../../support/api-call';
import { platform } from '../../support/example-platform';

const NOW = Date.UTC(2013, 3, 1, 12);
const good = { event_id: 'w1', origin: 'EWR', temp: 40, observed_at: '2013-04-01T10:00:00.000Z' };

function setUp(failure?: Error) {
  const sent: { source: string; records: readonly StreamRecord[] }[] = [];
  const run = makeEvents({
    platform,
    now: () => NOW,
    stream: (source) => ({
      put: async (records) => {
        if (failure !== undefined) throw failure;
        sent.push({ source, records });
      },
    }),
  });
  return {
    sent,
    send: (events: readonly object[], source = 'weather') => run(apiCall('events', { events }, { parameters: { source } })),
  };
}

test('events go to the stream of their source, keyed so that an entity keeps its order', async () => {
  const { sent, send } = setUp();

  await expect(send([good, { ...good, event_id: 'w2' }])).resolves.toMatchObject({ status: 202, body: { accepted: 2 } });

  expect(sent).toHaveLength(1);
  expect(sent[0]?.source).toBe('weather');
  expect(sent[0]?.records.map(({ partitionKey }) => partitionKey)).toEqual(['EWR', 'EWR']);
});

test('one bad event and none is taken; every violation has its pointer', async () => {
  const { sent, send } = setUp();

  await expect(
    send([good, { ...good, origin: 'XXX' }, { ...good, humid: 200 }, { ...good, observed_at: '2014-04-01T10:00:00.000Z' }]),
  ).rejects.toMatchObject({
    code: 'schema_violation',
    violations: [
      { pointer: '/events/1/origin' },
      { pointer: '/events/2/humid' },
      { pointer: '/events/3/observed_at', message: 'must not lie in the future' },
    ],
  });
  expect(sent).toEqual([]);
});

test('an unknown source is not found', async () => {
  await expect(setUp().send([good], 'nothing')).rejects.toMatchObject({ code: 'not_found' });
});

test('a stream that does not take events is to be tried again later', async () => {
  await expect(setUp(new Error('away')).send([good])).rejects.toMatchObject({ code: 'unavailable', retryAfter: 5 });
});
