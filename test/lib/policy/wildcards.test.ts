import { App, type IPolicyValidationContext, type PolicyValidationPluginReport, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ExplainedSolutionsChecks, explainWildcards } from '../../../lib/policy/wildcards';
import { exampleTemplates } from '../../support/example-templates';

const REASON = 'Objects of the prefix are named while it runs.';

/** A role that may read two prefixes, and what the checks say of its app. */
function roleWithWildcards(): { role: Role; check: () => PolicyValidationPluginReport } {
  const app = new App({ analyticsReporting: false });
  const role = new Role(new Stack(app, 'Stack'), 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const resources = ['one', 'two'].map((prefix) => `arn:aws:s3:::bucket/${prefix}/*`);
  role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources }));
  return { role, check: () => check(app) };
}

function check(app: App): PolicyValidationPluginReport {
  const context: Pick<IPolicyValidationContext, 'templatePaths' | 'appConstruct'> = { templatePaths: [], appConstruct: app };
  return new ExplainedSolutionsChecks(app).validate(context as IPolicyValidationContext);
}

function findings(report: PolicyValidationPluginReport): string[] {
  return report.violations.map(({ ruleName }) => ruleName);
}

test('a wildcard that nobody explains is a finding', () => {
  const { check } = roleWithWildcards();

  const report = check();

  expect(report.success).toBe(false);
  expect(findings(report)).toEqual([
    'AwsSolutions-IAM5[Resource::arn:aws:s3:::bucket/one/*]',
    'AwsSolutions-IAM5[Resource::arn:aws:s3:::bucket/two/*]',
  ]);
});

test('an explanation settles the wildcards of its form and no other', () => {
  const { role, check } = roleWithWildcards();
  explainWildcards(role, [{ pattern: /\/one\/\*$/, reason: REASON }]);

  expect(findings(check())).toEqual(['AwsSolutions-IAM5[Resource::arn:aws:s3:::bucket/two/*]']);
});

test('explanations of one scope add up', () => {
  const { role, check } = roleWithWildcards();
  explainWildcards(role, [{ pattern: /\/one\/\*$/, reason: REASON }]);
  explainWildcards(role, [{ pattern: /\/two\/\*$/, reason: REASON }]);

  expect(check()).toMatchObject({ success: true, violations: [] });
});

test('an explanation of another scope settles nothing, and is told apart as one that is not needed', () => {
  const { role, check } = roleWithWildcards();
  const other = new Role(Stack.of(role), 'Other', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  explainWildcards(other, [{ pattern: /\/one\/\*$/, reason: REASON }]);

  expect(check).toThrow('explanations of wildcards that are not needed:\nStack/Other: /\\/one\\/\\*$/');
});

test('a reason that says nothing is refused', () => {
  const { role } = roleWithWildcards();

  expect(() => explainWildcards(role, [{ pattern: /x/, reason: 'needed' }])).toThrow(
    "Stack/Role: the reason for /x/ needs at least 20 characters, given 'needed'",
  );
});

test('every wildcard of the platform is explained, and every explanation needed', () => {
  expect(findings(check(exampleTemplates().app))).toEqual([]);
});
