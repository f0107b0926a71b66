import { exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();

interface TableInput {
  readonly StorageDescriptor: { readonly Columns: readonly { readonly Name: string; readonly Type: string }[] };
}

function columnsOf(table: string): string[] {
  const { StorageDescriptor } = templates.properties('dev', 'data', `LakeTable${table}`).TableInput as TableInput;
  return StorageDescriptor.Columns.map(({ Name, Type }) => `${Name} ${Type}`);
}

test('events stay, results of queries go after a month', () => {
  expect(templates.properties('prod', 'data', 'LakeEvents')).not.toHaveProperty(
    'LifecycleConfiguration.Rules.0.ExpirationInDays',
  );
  expect(templates.properties('prod', 'data', 'LakeResults')).toHaveProperty(
    'LifecycleConfiguration.Rules.0.ExpirationInDays',
    30,
  );
});

test('access logs are kept as long as audits ask and are shut to the public', () => {
  for (const [stage, days] of [
    ['dev', 180],
    ['prod', 400],
  ] as const)
    expect(templates.properties(stage, 'data', 'LakeAccessLogs')).toMatchObject({
      LifecycleConfiguration: { Rules: [{ Id: 'audit', ExpirationInDays: days, Status: 'Enabled' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
});

test('each bucket of the stage logs its accesses below a prefix of its own', () => {
  const prefixes = templates
    .all('prod')
    .flatMap(([, { Type, Properties }]) => (Type === 'AWS::S3::Bucket' ? [Properties.LoggingConfiguration] : []));

  expect(prefixes).toEqual([
    undefined,
    expect.objectContaining({ LogFilePrefix: 'slipway-prod-data/events/' }),
    expect.objectContaining({ LogFilePrefix: 'slipway-prod-data/results/' }),
    expect.objectContaining({ LogFilePrefix: 'slipway-prod-data/offline/' }),
    expect.objectContaining({ LogFilePrefix: 'slipway-prod-models/artefacts/' }),
  ]);
});

test.each(['departures', 'weather', 'arrivals', 'inference'])('the table of %s finds a day without a crawler', (name) => {
  const location = `s3://<LakeEvents>/events/${name}/`;

  expect(templates.properties('dev', 'data', `LakeTable${name}`)).toMatchObject({
    DatabaseName: '<LakeDatabase>',
    TableInput: {
      Name: name,
      TableType: 'EXTERNAL_TABLE',
      PartitionKeys: [{ Name: 'event_date', Type: 'string' }],
      Parameters: {
        classification: 'parquet',
        'projection.enabled': 'true',
        'projection.event_date.type': 'date',
        'projection.event_date.format': 'yyyy-MM-dd',
        'projection.event_date.range': '2010-01-01,NOW',
        'storage.location.template': `${location}event_date=\${event_date}/`,
      },
      StorageDescriptor: { Location: location },
    },
  });
});

test("columns are the source's, in Glue's types; the inference log has its own", () => {
  expect(columnsOf('arrivals')).toEqual(['event_id string', 'flight_id string', 'arr_delay double', 'arrived_at timestamp']);
  expect(columnsOf('departures')).toEqual(expect.arrayContaining(['scheduled_hour bigint', 'tailnum string']));
  expect(columnsOf('inference')).toEqual([
    'type string',
    'prediction_id string',
    'model string',
    'model_version string',
    'entity string',
    'consumer string',
    'request_id string',
    'occurred_at timestamp',
    'inputs string',
    'score double',
    'predicted string',
    'actual double',
  ]);
});

test('queries write encrypted results to one place, and no query may choose another', () => {
  expect(templates.properties('prod', 'data', 'LakeWorkgroup')).toMatchObject({
    Name: 'slipway-prod-workgroup',
    RecursiveDeleteOption: false,
    WorkGroupConfiguration: {
      EnforceWorkGroupConfiguration: true,
      EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
      ResultConfiguration: {
        OutputLocation: 's3://<LakeResults>/queries/',
        EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: '<KeysLakeArn>' },
      },
    },
  });
});

test('the database has the name that jobs are allowed to read', () => {
  expect(templates.properties('prod', 'data', 'LakeDatabase')).toMatchObject({ DatabaseInput: { Name: 'slipway_prod_lake' } });
  expect(templates.grants('prod', 'models', 'PipelineflightdelayJobRole')).toMatchObject({
    'glue:GetTable': ['glue:catalog', 'glue:database/slipway_prod_lake', 'glue:table/slipway_prod_lake/*'],
  });
});

test('deliveries share one log group', () => {
  expect(templates.properties('dev', 'data', 'LakeDeliveryLogs')).toMatchObject({ RetentionInDays: 30 });
  expect(
    templates
      .propertiesOf('dev', 'data', 'AWS::Logs::LogStream')
      .map(({ LogGroupName, LogStreamName }) => [LogGroupName, LogStreamName]),
  ).toEqual(['departures', 'weather', 'arrivals', 'inference'].map((name) => ['<LakeDeliveryLogs>', name]));
});

test('access logs come from buckets of this account only', () => {
  const policy = templates.properties('prod', 'data', 'LakeAccessLogsPolicy').PolicyDocument as {
    Statement: { Effect: string; Principal: unknown }[];
  };

  expect(policy.Statement).toContainEqual({
    Effect: 'Deny',
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: '<LakeAccessLogs.Arn>/*',
    Condition: { StringNotEquals: { 'aws:SourceAccount': '<AWS::AccountId>' } },
  });
});
