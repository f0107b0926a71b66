import { exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();

test('it tells where the API is and who gives tokens for it', () => {
  const { Outputs } = templates.template('prod', 'application').toJSON() as { Outputs: Record<string, unknown> };

  expect(Object.keys(Outputs)).toEqual(expect.arrayContaining(['ApiId', 'ApiStage', 'Issuer', 'UserPoolId']));
});

test('only the directory of people in it holds data', () => {
  const kinds = templates.resources('prod', 'application').map(([, { Type }]) => Type);

  for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::Kinesis::Stream', 'AWS::KMS::Key'])
    expect(kinds).not.toContain(type);
});
