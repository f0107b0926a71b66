import type { StreamRecord } from '../../../lambda/adapters/event-stream';
import { makeOutcomes } from '../../../lambda/outcomes/handler';
import { apiCall } from '../../support/api-call';
import { platform } from '../../support/example-platform';

const NOW = Date.UTC(2013, 3, 1, 12);
const ID = `flight-delay.${'0'.repeat(26)}`;
const good = { prediction_id: ID, value: 20, occurred_at: '2013-04-01T10:00:00.000Z' };

function setUp(failure?: Error) {
  const sent: StreamRecord[] = [];
  const put = async (records: readonly StreamRecord[]): Promise<void> => {
    if (failure !== undefined) throw failure;
    sent.push(...records);
  };
  const run = makeOutcomes({ platform, now: () => NOW, log: { put } });
  return {
    sent,
    send: (outcomes: readonly object[], consumer = 'ops-dashboard') => run(apiCall('outcomes', { outcomes }, { consumer })),
  };
}

test('an outcome follows its prediction into the same partition, with who sent it', async () => {
  const { sent, send } = setUp();

  await expect(send([good])).resolves.toMatchObject({ status: 202, body: { accepted: 1 } });

  expect(sent).toEqual([
    {
      partitionKey: ID,
      data: {
        type: 'outcome',
        prediction_id: ID,
        model: 'flight-delay',
        consumer: 'ops-dashboard',
        request_id: 'request-1',
        occurred_at: good.occurred_at,
        actual: 20,
      },
    },
  ]);
});

test.each([
  ['of no prediction', { ...good, prediction_id: 'x' }, '/outcomes/0/prediction_id'],
  ['of the future', { ...good, occurred_at: '2013-04-01T12:06:00.000Z' }, '/outcomes/0/occurred_at'],
  ['without a value', { prediction_id: ID, occurred_at: good.occurred_at }, '/outcomes/0/value'],
])('an outcome %s is refused with its pointer', async (_, outcome, pointer) => {
  const { sent, send } = setUp();

  await expect(send([outcome])).rejects.toMatchObject({ code: 'schema_violation', violations: [{ pointer }] });
  expect(sent).toEqual([]);
});

test('of a model that the consumer may not use, nothing is told and nothing taken', async () => {
  const { sent, send } = setUp();

  await expect(send([good], 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  await expect(send([{ ...good, prediction_id: `other-model.${'0'.repeat(26)}` }])).rejects.toMatchObject({ code: 'not_found' });
  expect(sent).toEqual([]);
});

test('a stream that does not take outcomes is to be tried again later', async () => {
  await expect(setUp(new Error('away')).send([good])).rejects.toMatchObject({ code: 'unavailable', retryAfter: 5 });
});
