import { FakeApi, verdict } from '../fake-api';

const OK = { statusCode: 200, body: 'hello' };
const TOKEN = { authorization: 'Bearer t' };

describe('usage plans and throttles', () => {
  const KEY = 'consumer-key-of-20-chars';
  let api: FakeApi;
  afterEach(() => api.cloud.stop());

  async function withPlan(input: object, throttle: object = {}): Promise<{ plan: string; key: string }> {
    api = await FakeApi.start({ apiKeySource: 'AUTHORIZER' });
    const authorizerId = await api.authorizer();
    await api.method(await api.resource('/a'), 'GET', { authorizationType: 'CUSTOM', authorizerId, apiKeyRequired: true });
    await api.method(await api.resource('/b'), 'GET', { authorizationType: 'CUSTOM', authorizerId, apiKeyRequired: true });
    await api.deploy();
    api.functions.handlers.set('backend', () => OK);
    api.functions.handlers.set('authorizer', () => verdict('Allow', { usageIdentifierKey: KEY }));
    return api.plan(KEY, input, throttle);
  }

  const counts = (statuses: number[], status: number): number => statuses.filter((given) => given === status).length;

  test('let through burst + rate * t requests exactly', async () => {
    await withPlan({ throttle: { rateLimit: 5, burstLimit: 10 } });

    const first = await api.statuses(15, '/a', { headers: TOKEN });
    await api.cloud.clock.advance(1000);
    const second = await api.statuses(8, '/a', { headers: TOKEN });
    await api.cloud.clock.advance(100);
    const third = await api.statuses(1, '/a', { headers: TOKEN });

    expect([counts(first, 200), counts(first, 429)]).toEqual([10, 5]);
    expect([counts(second, 200), counts(second, 429)]).toEqual([5, 3]);
    expect(third).toEqual([429]);
  });

  test('throttle a method of a plan on its own, and the stage for all callers', async () => {
    await withPlan({ throttle: { rateLimit: 1, burstLimit: 100 } }, { '/a/GET': { rateLimit: 1, burstLimit: 2 } });
    await api.call('UpdateStage', {
      stageName: 'v1',
      patchOperations: [
        { op: 'replace', path: '/*/*/throttling/burstLimit', value: '4' },
        { op: 'replace', path: '/*/*/throttling/rateLimit', value: '1' },
      ],
    });

    const ofMethod = await api.statuses(5, '/a', { headers: TOKEN });
    const ofStage = await api.statuses(5, '/b', { headers: TOKEN });

    expect(counts(ofMethod, 200)).toBe(2);
    expect(counts(ofStage, 200)).toBe(4);
  });

  test('end a quota with its period, and show what was used', async () => {
    const { plan, key } = await withPlan({ quota: { limit: 3, period: 'DAY' } });

    const today = await api.statuses(4, '/a', { headers: TOKEN });
    const last = await api.fetch('/a', { headers: TOKEN });
    await api.cloud.clock.advance(86_400_000);
    const tomorrow = await api.statuses(1, '/a', { headers: TOKEN });

    expect(today).toEqual([200, 200, 200, 429]);
    expect(await last.json()).toEqual({ message: 'Limit Exceeded' });
    expect(tomorrow).toEqual([200]);
    const range = { usagePlanId: plan, startDate: '2020-03-04', endDate: '2020-03-05' };
    const usage = await api.call<{ items: object }>('GetUsage', range);
    expect(usage.items).toEqual({
      [key]: [
        [3, 0],
        [1, 2],
      ],
    });
  });

  test('refuse a caller whose key is in no plan of the stage', async () => {
    const { key } = await withPlan({});
    await api.call('UpdateApiKey', { apiKey: key, patchOperations: [{ op: 'replace', path: '/enabled', value: 'false' }] });

    const response = await api.fetch('/a', { headers: TOKEN });

    expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }]);
  });
});
