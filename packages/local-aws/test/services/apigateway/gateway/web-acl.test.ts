import { FakeApi } from '../fake-api';

const OK = { statusCode: 200, body: 'hello' };
const TOKEN = { authorization: 'Bearer t' };

describe('a web ACL', () => {
  let api: FakeApi;
  afterEach(() => api.cloud.stop());

  test('blocks what a web ACL of the stage blocks', async () => {
    api = await FakeApi.start();
    await api.method(api.root, 'GET');
    await api.deploy();
    api.functions.handlers.set('backend', () => OK);
    const VisibilityConfig = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: true, MetricName: 'acl' };
    const Statement = { RateBasedStatement: { Limit: 10, EvaluationWindowSec: 60, AggregateKeyType: 'IP' } };
    const Rules = [{ Name: 'rate', Priority: 0, Action: { Block: {} }, Statement, VisibilityConfig }];
    const acl = { Name: 'acl', Scope: 'REGIONAL', DefaultAction: { Allow: {} }, VisibilityConfig, Rules };
    const { Summary } = await api.cloud.call<{ Summary: { ARN: string } }>('wafv2', 'CreateWebACL', acl);
    const ResourceArn = `arn:aws:apigateway:eu-west-1::/restapis/${api.id}/stages/v1`;
    await api.cloud.call('wafv2', 'AssociateWebACL', { WebACLArn: Summary.ARN, ResourceArn });

    const first = await api.statuses(10, '/');
    const blocked = await api.fetch('/', { headers: TOKEN });
    await api.cloud.clock.advance(61_000);
    const later = await api.fetch('/');

    expect(first).toEqual(Array(10).fill(200));
    expect([blocked.status, await blocked.json()]).toEqual([403, { message: 'Forbidden' }]);
    expect(later.status).toBe(200);
  });
});
