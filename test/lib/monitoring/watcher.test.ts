import { exampleTemplates } from '../../support/example-templates';
import { allowed, ownLogsAndTraces, readStreams, sendTo, useKey } from '../../support/grants';

const templates = exampleTemplates();

test('it reads the inference log, keeps windows, appends to the ledger and reads profiles; it starts nothing', () => {
  expect(templates.grants('dev', 'application', 'WatcherFunctionRole')).toEqual(
    allowed(
      ...ownLogsAndTraces('WatcherFunction'),
      ...sendTo('WatcherFailed'),
      ...readStreams('slipway-dev-inference'),
      [['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem', 'dynamodb:GetItem', 'dynamodb:Query'], ['<TablesMonitoringArn>']],
      [['dynamodb:PutItem'], ['<TablesLedgerArn>', '<TablesMonitoringArn>']],
      [['s3:GetObject'], ['<RegistryArtefactsArn>/*/profiles/*']],
      [['s3:ListBucket'], ['<RegistryArtefactsArn>']],
      useKey('<KeysModelsArn>'),
    ),
  );
});

test('its schedule may call it and keep what failed', () => {
  expect(templates.grants('dev', 'application', 'WatcherPublishRole')).toEqual(
    allowed(...sendTo('WatcherFailed'), [['lambda:InvokeFunction'], ['<WatcherFunction.Arn>', '<WatcherFunction.Arn>:*']]),
  );
});

test('windows that have ended are published every hour', () => {
  expect(templates.properties('dev', 'application', 'WatcherPublish')).toMatchObject({
    ScheduleExpression: 'rate(1 hour)',
    State: 'ENABLED',
    Target: { Arn: '<WatcherFunction.Arn>', Input: '{"schedule":"publish"}' },
  });
});

test('it has a minute, and the bucket where profiles are', () => {
  expect(templates.properties('dev', 'application', 'WatcherFunction')).toMatchObject({
    FunctionName: 'slipway-dev-watch',
    Timeout: 60,
    MemorySize: 1024,
    Environment: { Variables: { STAGE: 'dev', MODELS_BUCKET: '<RegistryArtefacts>' } },
  });
});
