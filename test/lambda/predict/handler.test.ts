import { names } from '../../../core/naming';
import type { StreamRecord } from '../../../lambda/adapters/event-stream';
import type { ModelAnswer } from '../../../lambda/adapters/model-endpoint';
import { makePredict, type PredictDependencies } from '../../../lambda/predict/handler';
import { apiCall } from '../../support/api-call';
import { platform } from '../../support/example-platform';

const NOW = Date.UTC(2013, 3, 1, 12);
const instance = {
  flight_id: 'f1',
  carrier: 'UA',
  origin: 'EWR',
  dest: 'IAH',
  distance: 1400,
  scheduled_hour: 8,
  scheduled_weekday: 2,
  tailnum: null,
};

function setUp(overrides: Partial<PredictDependencies> = {}) {
  const logged: StreamRecord[] = [];
  const asked: (readonly object[])[] = [];
  let id = 0;
  const run = makePredict({
    platform,
    names: names('dev'),
    features: {
      get: async (requests) =>
        new Map(
          requests.map(({ group }) => [group, new Map([['EWR', { eventTime: NOW - 60_000, values: { mean_dep_delay_1h: 7 } }]])]),
        ),
    },
    endpoint: {
      invoke: async ({ rows }): Promise<ModelAnswer> => {
        asked.push(rows);
        return { model_version: '3', predictions: rows.map((_row, at) => ({ score: 0.2 + at / 10, label: at === 1 })) };
      },
    },
    log: { put: async (records) => void logged.push(...records) },
    now: () => NOW,
    newId: () => String(id++).padStart(26, '0'),
    ...overrides,
  });
  const predict = (instances: readonly object[], consumer = 'ops-dashboard') =>
    run(apiCall('predict', { instances }, { parameters: { model: 'flight-delay' }, consumer }));
  return { logged, asked, predict };
}

test('each instance gets its own score, and the log says what the model saw', async () => {
  const { logged, asked, predict } = setUp();

  const { body } = await predict([instance, { ...instance, flight_id: 'f2' }]);

  expect(body).toMatchObject({
    model_version: '3',
    request_id: 'request-1',
    predictions: [
      { flight_id: 'f1', score: 0.2, label: false, feature_ages: { origin_congestion: 60 } },
      { flight_id: 'f2', score: expect.closeTo(0.3), label: true },
    ],
  });
  expect(asked[0]?.[0]).toMatchObject({ origin: 'EWR', origin_congestion__mean_dep_delay_1h: 7 });
  expect(logged.map(({ data }) => data)).toMatchObject([
    { entity: 'f1', score: 0.2, predicted: 'false', inputs: JSON.stringify(asked[0]?.[0]) },
    { entity: 'f2', predicted: 'true' },
  ]);
});

test('a model that leaves an instance out has failed; nothing is made up for it or logged', async () => {
  const { logged, predict } = setUp({ endpoint: { invoke: async () => ({ model_version: '3', predictions: [] }) } });

  await expect(predict([instance])).rejects.toMatchObject({ code: 'model_error' });
  expect(logged).toEqual([]);
});

test('without the feature store the answer is to come back later', async () => {
  const { asked, predict } = setUp({
    features: {
      get: async () => {
        throw new Error('away');
      },
    },
  });

  await expect(predict([instance])).rejects.toMatchObject({ code: 'unavailable', retryAfter: 5 });
  expect(asked).toEqual([]);
});

test('a model of others is not told apart from none, and a bad instance never reaches the model', async () => {
  const { asked, predict } = setUp();

  await expect(predict([instance], 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  await expect(predict([{ ...instance, origin: 'LHR' }])).rejects.toMatchObject({
    code: 'schema_violation',
    violations: [{ pointer: '/instances/0/origin' }],
  });
  expect(asked).toEqual([]);
});

test('a prediction that cannot be logged is not given', async () => {
  const put = (): Promise<never> => Promise.reject(new Error('the key is disabled'));
  const { predict } = setUp({ log: { put } });

  await expect(predict([instance])).rejects.toMatchObject({ code: 'unavailable', retryAfter: 5 });
});
