import type { IncomingMessage } from 'node:http';
import { wafv2 } from '../../../src/services/wafv2';
import { inspect } from '../../../src/services/wafv2/inspection';
import { FakeCloud } from '../../support/fake-cloud';

const VISIBILITY = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: true, MetricName: 'acl' };
const STAGE = 'arn:aws:apigateway:eu-west-1::/restapis/abc/stages/v1';
let cloud: FakeCloud;

beforeEach(async () => {
  const stubs = { apigateway: { GetStage: () => ({}) }, cloudwatch: { PutMetricData: () => ({}) } };
  cloud = await FakeCloud.start({ services: [wafv2], stubs, startAt: 0, paused: true });
});
afterEach(() => cloud.stop());

async function protect(...statements: object[]): Promise<void> {
  const Rules = statements.map((Statement, Priority) => {
    const managed = 'ManagedRuleGroupStatement' in Statement;
    const action = managed ? { OverrideAction: { None: {} } } : { Action: { Block: {} } };
    return { Name: `rule-${Priority}`, Priority, Statement, VisibilityConfig: VISIBILITY, ...action };
  });
  const input = { Name: 'acl', Scope: 'REGIONAL', DefaultAction: { Allow: {} }, VisibilityConfig: VISIBILITY, Rules };
  const { Summary } = await cloud.call<{ Summary: { ARN: string } }>('wafv2', 'CreateWebACL', input);
  await cloud.call('wafv2', 'AssociateWebACL', { WebACLArn: Summary.ARN, ResourceArn: STAGE });
}

function verdict(sourceIp: string, bodyLength = 0, path = '/'): string | undefined {
  const message = { method: 'GET', headers: {} } as IncomingMessage;
  return inspect(cloud, STAGE, { message, sourceIp, path, rawQuery: '', bodyLength });
}

test('a rate rule blocks an address beyond its limit and lets it in again when the window has passed', async () => {
  await protect({ RateBasedStatement: { Limit: 10, EvaluationWindowSec: 60, AggregateKeyType: 'IP' } });

  const verdicts = Array.from({ length: 12 }, () => verdict('1.1.1.1'));

  expect(verdicts).toEqual([...Array(10).fill('allow'), 'block', 'block']);
  expect(verdict('2.2.2.2')).toBe('allow');
  await cloud.clock.advance(60_000);
  expect(verdict('1.1.1.1')).toBe('allow');
});

test('size and path rules look at each request; managed rules are kept and match nothing', async () => {
  const TextTransformations = [{ Priority: 0, Type: 'NONE' }];
  await protect(
    { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet' } },
    { SizeConstraintStatement: { FieldToMatch: { Body: {} }, ComparisonOperator: 'GT', Size: 100, TextTransformations } },
    {
      ByteMatchStatement: {
        FieldToMatch: { UriPath: {} },
        PositionalConstraint: 'STARTS_WITH',
        SearchString: Buffer.from('/admin'),
        TextTransformations,
      },
    },
  );

  expect(verdict('1.1.1.1', 100)).toBe('allow');
  expect(verdict('1.1.1.1', 101)).toBe('block');
  expect(verdict('1.1.1.1', 0, '/admin/x')).toBe('block');
});

test.each([
  [{ GeoMatchStatement: { CountryCodes: ['DE'] } }, 'the local AWS does not evaluate GeoMatchStatement'],
  [{ RateBasedStatement: { Limit: 9, AggregateKeyType: 'IP' } }, 'Limit must be 10 to 2000000000; given 9'],
])('refuses %j', async (statement, message) => {
  await expect(protect(statement)).rejects.toThrow(message);
});
