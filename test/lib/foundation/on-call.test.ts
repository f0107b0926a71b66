import { exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();

test('the topic is encrypted, and the addresses of the stage hear of it', () => {
  expect(templates.properties('prod', 'foundation', 'OnCall')).toMatchObject({
    TopicName: 'slipway-prod-on-call',
    KmsMasterKeyId: '<KeysLogs.Arn>',
  });
  expect(templates.propertiesOf('prod', 'foundation', 'AWS::SNS::Subscription')).toEqual([
    { Endpoint: 'ml-oncall@example.com', Protocol: 'email', TopicArn: '<OnCall>' },
  ]);
  expect(templates.propertiesOf('dev', 'foundation', 'AWS::SNS::Subscription')).toEqual([
    { Endpoint: 'ml-oncall-dev@example.com', Protocol: 'email', TopicArn: '<OnCall>' },
  ]);
});

test('alarms and budgets of the account publish to it, and nobody without TLS', () => {
  const { PolicyDocument } = templates.properties('prod', 'foundation', 'OnCallPolicy');

  expect((PolicyDocument as { Statement: unknown[] }).Statement).toEqual([
    {
      Sid: 'AllowPublishThroughSSLOnly',
      Effect: 'Deny',
      Action: 'sns:Publish',
      Principal: '*',
      Resource: '<OnCall>',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    {
      Sid: '1',
      Effect: 'Allow',
      Action: 'sns:Publish',
      Principal: { Service: ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com'] },
      Resource: '<OnCall>',
      Condition: { StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' } },
    },
  ]);
});

test('people hear when four fifths of the money of a month are spent, and when more than all of it will be', () => {
  const alert = (type: string, percent: number) => ({
    Notification: {
      ComparisonOperator: 'GREATER_THAN',
      NotificationType: type,
      Threshold: percent,
      ThresholdType: 'PERCENTAGE',
    },
    Subscribers: [{ Address: '<OnCall>', SubscriptionType: 'SNS' }],
  });

  expect(templates.properties('prod', 'foundation', 'OnCallBudget')).toMatchObject({
    Budget: {
      BudgetName: 'slipway-prod-monthly',
      BudgetType: 'COST',
      TimeUnit: 'MONTHLY',
      BudgetLimit: { Amount: 8000, Unit: 'USD' },
      CostFilters: { TagKeyValue: ['user:platform$slipway'] },
    },
    NotificationsWithSubscribers: [alert('ACTUAL', 80), alert('FORECASTED', 100)],
  });
});
