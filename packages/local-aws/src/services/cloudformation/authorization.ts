import { ANY, actionsOn, arnOf, type Input, passRole, type Rights, type RightsOf, type Scope } from '../../iam/rights';

/** ARN of a stack given by name or ARN; the id part of a name is not known here and is any. */
const stack = (name: string | undefined, scope: Scope): string =>
  name?.startsWith('arn:') === true ? name : arnOf('cloudformation', scope, `stack/${name ?? '*'}/*`);

/** The stack of a change set that is named by its own ARN, or by its name with the stack's. */
const ofChangeSet = (input: Input, scope: Scope): string =>
  input.StackName === undefined && String(input.ChangeSetName).startsWith('arn:')
    ? arnOf('cloudformation', scope, 'stack/*/*')
    : stack(input.StackName, scope);

const deploying =
  (action: string): RightsOf =>
  (input, scope) => [
    { action: `cloudformation:${action}`, resource: stack(input.StackName, scope) },
    ...passRole(input.RoleARN, 'cloudformation'),
  ];

/** Rights of CloudFormation's operations. Source: Service Authorization Reference, "AWS CloudFormation". */
export const cloudFormationRights: Rights = {
  ...actionsOn('cloudformation', [
    [
      `DescribeStacks DescribeStackEvents DescribeStackResources DescribeStackResource ListStackResources GetTemplate GetTemplateSummary
       UpdateTerminationProtection ListChangeSets`,
      ({ StackName }: Input, scope) => stack(StackName, scope),
    ],
    ['DescribeChangeSet ExecuteChangeSet DeleteChangeSet', ofChangeSet],
    ['ListStacks ListExports ValidateTemplate', ANY],
  ]),
  CreateStack: deploying('CreateStack'),
  UpdateStack: deploying('UpdateStack'),
  CreateChangeSet: deploying('CreateChangeSet'),
  DeleteStack: deploying('DeleteStack'),
};
