import { App, type IPolicyValidationContext, type PolicyValidationPluginReport, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ExplainedSolutionsChecks, explainWildcards, type WildcardExplanation } from '../../../lib/policy/wildcards';

const OBJECTS: WildcardExplanation = { pattern: /:s3:::own\/\*$/, reason: 'Objects are named when they are written.' };

/** What the pack says of a role that reads every object of a bucket, with the explanations that are given on it. */
function verdictOn(explanations: readonly WildcardExplanation[]): PolicyValidationPluginReport {
  const app = new App({ analyticsReporting: false });
  const role = new Role(new Stack(app, 'Stack'), 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::own/*'] }));
  explainWildcards(role, explanations);
  const context: IPolicyValidationContext = { appConstruct: app, templatePaths: [], stackTemplates: [] };
  return new ExplainedSolutionsChecks(app).validate(context);
}

test('a wildcard that is explained passes', () => {
  expect(verdictOn([OBJECTS])).toMatchObject({ success: true, violations: [] });
});

test('a wildcard that nobody explains is found', () => {
  const { success, violations } = verdictOn([]);

  expect(success).toBe(false);
  expect(violations.map(({ ruleName }) => ruleName)).toEqual(['AwsSolutions-IAM5[Resource::arn:aws:s3:::own/*]']);
});

test('an explanation that explains nothing is a finding with its place, and hides none of the others', () => {
  const { success, violations } = verdictOn([{ pattern: /:s3:::other\/\*$/, reason: 'There is no such bucket any more.' }]);

  expect(success).toBe(false);
  expect(violations.map(({ ruleName }) => ruleName)).toEqual([
    'AwsSolutions-IAM5[Resource::arn:aws:s3:::own/*]',
    'UnneededWildcardExplanation',
  ]);
  expect(violations[1]).toMatchObject({
    description: 'no wildcard below Stack/Role matches /:s3:::other\\/\\*$/',
    severity: 'error',
    violatingResources: [{ constructPath: 'Stack/Role', locations: [] }],
  });
});

test('a reason that says nothing is refused', () => {
  expect(() => verdictOn([{ pattern: /x/, reason: 'needed' }])).toThrow(
    "Stack/Role: the reason for /x/ needs at least 20 characters, given 'needed'",
  );
});
