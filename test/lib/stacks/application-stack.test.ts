import { exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();

test.each(['Aggregation', 'Watcher', 'Retraining', 'Promotion'])('people hear of anything that %s could not do', (worker) => {
  expect(templates.properties('prod', 'application', `${worker}FailedNotEmpty`)).toMatchObject({
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: `<${worker}Failed.QueueName>` }],
    Statistic: 'Maximum',
    Period: 300,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 0,
    TreatMissingData: 'notBreaching',
    AlarmActions: ['<OnCall>'],
  });
});

test('it tells where the API is and who gives tokens for it', () => {
  const { Outputs } = templates.template('prod', 'application').toJSON() as { Outputs: Record<string, unknown> };

  expect(Object.keys(Outputs)).toEqual(expect.arrayContaining(['ApiId', 'ApiStage', 'Issuer', 'UserPoolId']));
});

test('only the directory of people in it holds data', () => {
  const kinds = templates.resources('prod', 'application').map(([, { Type }]) => Type);

  for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::Kinesis::Stream', 'AWS::KMS::Key'])
    expect(kinds).not.toContain(type);
});
