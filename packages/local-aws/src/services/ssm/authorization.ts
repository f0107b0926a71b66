import { actionsOn, arnOf, type Input, type Rights, type Scope } from '../../iam/rights';

/** ARN of a parameter; its name may carry a version or label, or be an ARN already. */
function parameterArn(name: string | undefined, scope: Scope): string {
  const text = name ?? '';
  if (text.startsWith('arn:')) return text;
  return arnOf('ssm', scope, `parameter/${text.split(':')[0]?.replace(/^\//, '') ?? ''}`);
}

/** Rights of Parameter Store's operations. Source: Service Authorization Reference, "AWS Systems Manager". */
export const ssmRights: Rights = actionsOn('ssm', [
  ['PutParameter GetParameter DeleteParameter', ({ Name }: Input, scope) => parameterArn(Name, scope)],
  [
    'GetParameters DeleteParameters',
    ({ Names }: Input, scope) => ((Names ?? []) as string[]).map((name) => parameterArn(name, scope)),
  ],
  ['GetParametersByPath', ({ Path }: Input, scope) => parameterArn(Path, scope)],
]);
