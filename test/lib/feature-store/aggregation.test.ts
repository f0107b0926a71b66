import { exampleTemplates } from '../../support/example-templates';
import { allowed, ownLogsAndTraces, readStreams, sendTo, useKey } from '../../support/grants';

const templates = exampleTemplates();

test('one function aggregates the sources that feed a feature group, and no other source', () => {
  const fed = templates
    .propertiesOf('dev', 'application', 'AWS::Lambda::EventSourceMapping')
    .filter(({ FunctionName }) => FunctionName === '<AggregationFunction>')
    .map(({ EventSourceArn }) => String(EventSourceArn).replace(/^.*:stream/, 'stream'));

  expect(fed).toEqual(['stream/slipway-dev-departures', 'stream/slipway-dev-weather']);
});

test('it has a minute for a batch, and knows where to put what does not fit its schema', () => {
  expect(templates.properties('dev', 'application', 'AggregationFunction')).toMatchObject({
    FunctionName: 'slipway-dev-aggregate',
    Timeout: 60,
    MemorySize: 1024,
    Environment: { Variables: { STAGE: 'dev', QUARANTINE_URL: '<AggregationQuarantine>' } },
  });
  expect(templates.properties('dev', 'application', 'AggregationQuarantine')).toMatchObject({
    QueueName: 'slipway-dev-quarantine',
  });
});

test('it keeps tiles, writes features and reads streams; it reads no feature and no event of the lake', () => {
  expect(templates.grants('dev', 'application', 'AggregationFunctionRole')).toEqual(
    allowed(
      ...ownLogsAndTraces('AggregationFunction'),
      ...sendTo('AggregationFailed', 'AggregationQuarantine'),
      ...readStreams('slipway-dev-departures', 'slipway-dev-weather'),
      [['sagemaker:BatchWriteRecord', 'sagemaker:PutRecord'], ['sagemaker:feature-group/slipway-dev-*']],
      [['dynamodb:BatchGetItem', 'dynamodb:PutItem'], ['dynamodb:table/slipway-dev-tiles']],
      useKey('<KeysFeaturesArn>'),
    ),
  );
});
