import { exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();

test("one permission lets every alarm of the stage call the function, and no other account's or stage's", () => {
  const permissions = templates
    .propertiesOf('prod', 'application', 'AWS::Lambda::Permission')
    .filter(({ Principal }) => Principal === 'lambda.alarms.cloudwatch.amazonaws.com');

  expect(permissions).toEqual([
    {
      Action: 'lambda:InvokeFunction',
      FunctionName: '<RetrainingFunction.Arn>',
      Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
      SourceAccount: '<AWS::AccountId>',
      SourceArn: 'arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:slipway-prod-*',
    },
  ]);
});

test('every alarm that calls a function has a name that the permission covers', () => {
  const calling = templates
    .propertiesOf('prod', 'application', 'AWS::CloudWatch::Alarm')
    .filter(({ AlarmActions }) => (AlarmActions as string[]).includes('<RetrainingFunction.Arn>'));

  expect(calling.length).toBeGreaterThan(0);
  for (const { AlarmName } of calling) expect(AlarmName).toMatch(/^slipway-prod-/);
});
