import { exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();
const mappings = templates.propertiesOf('prod', 'application', 'AWS::Lambda::EventSourceMapping');

test('streams feed the functions that consume them', () => {
  expect(mappings.map(({ EventSourceArn, FunctionName }) => [String(EventSourceArn).split('/').at(-1), FunctionName])).toEqual([
    ['slipway-prod-departures', '<AggregationFunction>'],
    ['slipway-prod-weather', '<AggregationFunction>'],
    ['slipway-prod-inference', '<WatcherFunction>'],
  ]);
});

test('failing batches are halved, single failures reported, and what never succeeds is kept', () => {
  for (const mapping of mappings)
    expect(mapping).toMatchObject({
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 5,
      DestinationConfig: { OnFailure: { Destination: String(mapping.FunctionName).replace('Function>', 'Failed.Arn>') } },
    });
});

test('no event is missed, and a lone one waits for a second at most', () => {
  for (const mapping of mappings)
    expect(mapping).toMatchObject({ StartingPosition: 'TRIM_HORIZON', BatchSize: 500, MaximumBatchingWindowInSeconds: 1 });
});
