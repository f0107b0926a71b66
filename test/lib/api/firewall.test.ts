import { exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();

test.each([
  ['dev', 100_000],
  ['prod', 20_000],
])('an address of %s that asks more than %d times in five minutes is shut out', (stage, limit) => {
  expect(templates.properties(stage, 'application', 'Firewall')).toMatchObject({
    Name: `slipway-${stage}-api`,
    Scope: 'REGIONAL',
    DefaultAction: { Allow: {} },
    Rules: [
      {
        Name: 'rate-per-address',
        Priority: 0,
        Action: { Block: {} },
        Statement: { RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit: limit } },
      },
      { Name: 'common', Priority: 1 },
    ],
  });
});

test("AWS's common rules block as they do, but for the size of bodies, which the API limits itself", () => {
  expect(templates.properties('prod', 'application', 'Firewall')).toHaveProperty(
    'Rules.1',
    expect.objectContaining({
      OverrideAction: { None: {} },
      Statement: {
        ManagedRuleGroupStatement: {
          VendorName: 'AWS',
          Name: 'AWSManagedRulesCommonRuleSet',
          RuleActionOverrides: [{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }],
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
