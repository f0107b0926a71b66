import { exampleTemplates } from '../../support/example-templates';
import { allowed, ownLogsAndTraces, sendTo, useKey } from '../../support/grants';

const templates = exampleTemplates();

test('it reads why, keeps runs in the ledger and starts pipelines; of SageMaker it may nothing else, and it passes no role', () => {
  expect(templates.grants('dev', 'application', 'RetrainingFunctionRole')).toEqual(
    allowed(
      ...ownLogsAndTraces('RetrainingFunction'),
      ...sendTo('RetrainingFailed'),
      [['dynamodb:GetItem', 'dynamodb:PutItem'], ['<TablesLedgerArn>']],
      [['dynamodb:Query'], ['<TablesLedgerArn>', '<TablesMonitoringArn>']],
      [['sagemaker:StartPipelineExecution'], ['sagemaker:pipeline/slipway-dev-*']],
      [['ssm:GetParameter'], ['ssm:parameter/slipway/dev/*/champion', 'ssm:parameter/slipway/dev/*/freeze']],
      [['cloudwatch:DescribeAlarms'], ['cloudwatch:alarm:slipway-dev-*']],
      useKey('<KeysModelsArn>'),
    ),
  );
});

test('its schedule may call it and keep what failed', () => {
  expect(templates.grants('dev', 'application', 'RetrainingReexamineRole')).toEqual(
    allowed(...sendTo('RetrainingFailed'), [
      ['lambda:InvokeFunction'],
      ['<RetrainingFunction.Arn>', '<RetrainingFunction.Arn>:*'],
    ]),
  );
});

test('it decides one at a time, in half a minute', () => {
  expect(templates.properties('dev', 'application', 'RetrainingFunction')).toMatchObject({
    FunctionName: 'slipway-dev-retrain',
    Timeout: 30,
    ReservedConcurrentExecutions: 1,
    DeadLetterConfig: { TargetArn: '<RetrainingFailed.Arn>' },
  });
});

test('alarms that stay in ALARM are looked at again every day', () => {
  expect(templates.properties('dev', 'application', 'RetrainingReexamine')).toMatchObject({
    ScheduleExpression: 'rate(1 day)',
    State: 'ENABLED',
    Target: { Arn: '<RetrainingFunction.Arn>', Input: '{"schedule":"reexamine"}' },
  });
});
