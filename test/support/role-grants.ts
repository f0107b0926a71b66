import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { testApp } from './app';
import { byAction, type Statement } from './stage-templates';

/** What a role of its own is given, in the form of `StageTemplates.grants`. */
export function grantsOf(grant: (role: Role, stack: Stack) => void): Record<string, readonly string[]> {
  return byAction(statementsOf(grant));
}

/** The statements of the policy that a role of its own is given. */
export function statementsOf(grant: (role: Role, stack: Stack) => void): Statement[] {
  const stack = new Stack(testApp(), 'Stack');
  grant(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }), stack);
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
}
