import { type PolicyValidationPluginReport, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ExplainedSolutionsChecks, explainWildcards } from '../../../lib/policy/wildcards';
import { testApp } from '../../support/app';
import { check, findings } from '../../support/nag';

const REASON = 'Objects of the prefix are named while it runs.';

const finding = (prefix: string): string =>
  `AwsSolutions-IAM5[Resource::arn:aws:s3:::bucket/${prefix}/*] Stack/Role/DefaultPolicy/Resource`;

/** A role that may read two prefixes, and what the checks say of its app. */
function roleWithWildcards(): { role: Role; report: () => PolicyValidationPluginReport } {
  const app = testApp();
  const role = new Role(new Stack(app, 'Stack'), 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const resources = ['one', 'two'].map((prefix) => `arn:aws:s3:::bucket/${prefix}/*`);
  role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources }));
  return { role, report: () => check(app, new ExplainedSolutionsChecks(app)) };
}

test('a wildcard that nobody explains is a finding', () => {
  const { report } = roleWithWildcards();

  expect(report().success).toBe(false);
  expect(findings(report())).toEqual(['one', 'two'].map(finding));
});

test('an explanation settles the wildcards of its form and no other', () => {
  const { role, report } = roleWithWildcards();
  explainWildcards(role, [{ pattern: /\/one\/\*$/, reason: REASON }]);

  expect(findings(report())).toEqual([finding('two')]);
});

test('explanations of one scope add up', () => {
  const { role, report } = roleWithWildcards();
  explainWildcards(role, [{ pattern: /\/one\/\*$/, reason: REASON }]);
  explainWildcards(role, [{ pattern: /\/two\/\*$/, reason: REASON }]);

  expect(report()).toMatchObject({ success: true, violations: [] });
});

test('an explanation of another scope settles nothing, and is a finding of its own that hides none', () => {
  const { role, report } = roleWithWildcards();
  const other = new Role(Stack.of(role), 'Other', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  explainWildcards(other, [{ pattern: /\/one\/\*$/, reason: REASON }]);

  const { success, violations } = report();
  expect(success).toBe(false);
  expect(violations.map(({ ruleName }) => ruleName)).toEqual([
    ...['one', 'two'].map((prefix) => `AwsSolutions-IAM5[Resource::arn:aws:s3:::bucket/${prefix}/*]`),
    'UnneededWildcardExplanation',
  ]);
  expect(violations[2]).toMatchObject({
    description: 'no wildcard below Stack/Other matches /\\/one\\/\\*$/',
    severity: 'error',
    violatingResources: [{ constructPath: 'Stack/Other', locations: [] }],
  });
});

test('a reason that says nothing is refused', () => {
  const { role } = roleWithWildcards();

  expect(() => explainWildcards(role, [{ pattern: /x/, reason: 'needed' }])).toThrow(
    "Stack/Role: the reason for /x/ needs at least 20 characters, given 'needed'",
  );
});
