import { examplePlatform, exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();

const largest = Math.max(...examplePlatform.consumers.map(({ plan }) => plan.rate));

test('an address is shut out that asks twice as much in five minutes as the largest plan allows, and none that keeps to it', () => {
  expect(largest).toBe(400);
  expect(templates.properties('prod', 'application', 'Firewall')).toMatchObject({
    Name: 'slipway-prod-api',
    Scope: 'REGIONAL',
    DefaultAction: { Allow: {} },
    Rules: [
      {
        Name: 'rate-per-address',
        Priority: 0,
        Action: { Block: {} },
        Statement: { RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit: 240_000 } },
      },
      { Name: 'common', Priority: 1 },
      { Name: 'known-bad-inputs', Priority: 2 },
      { Name: 'reputation', Priority: 3 },
    ],
  });
});

test("AWS's common rules block as they do, but for the size of bodies, which the API limits itself, and clients without a user agent", () => {
  expect(templates.properties('prod', 'application', 'Firewall')).toHaveProperty(
    'Rules.1',
    expect.objectContaining({
      OverrideAction: { None: {} },
      Statement: {
        ManagedRuleGroupStatement: {
          VendorName: 'AWS',
          Name: 'AWSManagedRulesCommonRuleSet',
          RuleActionOverrides: ['SizeRestrictions_BODY', 'NoUserAgent_HEADER'].map((Name) => ({
            Name,
            ActionToUse: { Count: {} },
          })),
        },
      },
    }),
  );
});

test('it guards the stage of the API', () => {
  expect(templates.properties('prod', 'application', 'FirewallAssociation')).toEqual({
    WebACLArn: '<Firewall.Arn>',
    ResourceArn: 'arn:<AWS::Partition>:apigateway:<AWS::Region>::/restapis/<Api>/stages/<ApiDeploymentStageapi>',
  });
});

test('requests are logged for audits, without tokens', () => {
  expect(templates.properties('prod', 'application', 'FirewallLogging')).toEqual({
    ResourceArn: '<Firewall.Arn>',
    LogDestinationConfigs: ['arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:<FirewallLogs>'],
    RedactedFields: [{ SingleHeader: { Name: 'authorization' } }],
  });
  expect(templates.properties('prod', 'application', 'FirewallLogs')).toMatchObject({
    LogGroupName: 'aws-waf-logs-slipway-prod-api',
    RetentionInDays: 400,
    KmsKeyId: '<KeysLogsArn>',
  });
});
