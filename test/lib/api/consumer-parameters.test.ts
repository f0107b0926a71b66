import { withCompanies } from '../../support/example-issuers';
import { platform } from '../../support/example-platform';
import { StageTemplates, textOf } from '../../support/stage-templates';

let templates: StageTemplates;
beforeAll(() => {
  templates = new StageTemplates(withCompanies(platform, 'company', 'partner'));
});

function parameters(): Record<string, string> {
  const found = templates.resources('dev', 'application').filter(([, { Type }]) => Type === 'AWS::SSM::Parameter');
  return Object.fromEntries(found.map(([, { Properties }]) => [textOf(Properties.Name), textOf(Properties.Value)]));
}

test('a parameter says which client of which issuer is which consumer, also where two issuers have a client of one id', () => {
  expect(parameters()).toEqual({
    '/slipway/dev/api/consumers/people/<DirectoryClientmobileapp>':
      '{"consumer":"mobile-app","usageKey":"<DirectoryClientmobileapp>"}',
    '/slipway/dev/api/consumers/people/<DirectoryClientopsdashboard>':
      '{"consumer":"ops-dashboard","usageKey":"<DirectoryClientopsdashboard>"}',
    '/slipway/dev/api/consumers/company/app': '{"consumer":"app-of-company","usageKey":"slipway-dev-app-of-company"}',
    '/slipway/dev/api/consumers/partner/app': '{"consumer":"app-of-partner","usageKey":"slipway-dev-app-of-partner"}',
  });
});

test("the value of a consumer's API key is what its parameter says, and no two are equal", () => {
  const keys = templates.resources('dev', 'application').flatMap(([, { Type, Properties }]) => {
    return Type === 'AWS::ApiGateway::ApiKey' ? [textOf(Properties.Value)] : [];
  });
  const said = Object.values(parameters()).map((text) => (JSON.parse(text) as { usageKey: string }).usageKey);

  expect(keys.toSorted()).toEqual(said.toSorted());
  expect(new Set(keys).size).toBe(keys.length);
});

test('the authorizer may read the consumers of its stage, trace, log, and nothing else', () => {
  const resource = 'ssm:parameter/slipway/dev/api/consumers';

  expect(templates.grants('dev', 'application', 'FunctionsauthorizerRole')).toEqual({
    'logs:CreateLogStream': ['<FunctionsauthorizerLogs.Arn>'],
    'logs:PutLogEvents': ['<FunctionsauthorizerLogs.Arn>'],
    'ssm:GetParametersByPath': [resource, `${resource}/*`],
    'xray:PutTelemetryRecords': ['*'],
    'xray:PutTraceSegments': ['*'],
  });
});
