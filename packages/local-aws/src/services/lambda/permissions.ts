import type * as Sdk from '@aws-sdk/client-lambda';
import type { Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { type LambdaStore, parseReference, type Statement } from './store';

function principalOf(principal: string): Statement['Principal'] {
  if (principal === '*') return '*';
  if (principal.endsWith('.amazonaws.com')) return { Service: principal };
  return { AWS: /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal };
}

function statementOf(input: Sdk.AddPermissionCommandInput, resource: string): Statement {
  const condition: Record<string, Record<string, string>> = {};
  if (input.SourceArn !== undefined) condition.ArnLike = { 'AWS:SourceArn': input.SourceArn };
  if (input.SourceAccount !== undefined) condition.StringEquals = { 'AWS:SourceAccount': input.SourceAccount };
  return {
    Sid: input.StatementId ?? '',
    Effect: 'Allow',
    Principal: principalOf(input.Principal ?? ''),
    Action: input.Action ?? '',
    Resource: resource,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

/** The resource policies of functions. */
export function permissionOperations(store: LambdaStore): Operations {
  return {
    AddPermission: async (input: Sdk.AddPermissionCommandInput) => {
      const { name, qualifier } = parseReference(input.FunctionName ?? '', input.Qualifier);
      store.version(name, qualifier);
      const key = [name, qualifier ?? '', input.StatementId ?? ''];
      if (store.statements.get(key) !== undefined) {
        throw new AwsError(
          'ResourceConflictException',
          `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
          { status: 409 },
        );
      }
      const statement = statementOf(input, store.arn(name, qualifier));
      await store.statements.put(key, statement);
      return { Statement: JSON.stringify(statement) };
    },
    RemovePermission: async (input: Sdk.RemovePermissionCommandInput) => {
      const { name, qualifier } = parseReference(input.FunctionName ?? '', input.Qualifier);
      const key = [name, qualifier ?? '', input.StatementId ?? ''];
      store.function(name);
      if (store.statements.get(key) === undefined)
        throw new AwsError('ResourceNotFoundException', `Statement ${input.StatementId} is not found in resource policy.`, {
          status: 404,
        });
      await store.statements.remove(key);
    },
    GetPolicy: (input: Sdk.GetPolicyCommandInput) => {
      const { name, qualifier } = parseReference(input.FunctionName ?? '', input.Qualifier);
      store.function(name);
      const policy = store.policy(name, qualifier);
      if (policy === undefined)
        throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', { status: 404 });
      return { Policy: JSON.stringify(policy), RevisionId: '1' };
    },
  };
}
