import { ANY, actionsOn, arnOf, type Input, type Rights, type Scope } from '../../iam/rights';

const workgroup = (name: string | undefined, scope: Scope): string => arnOf('athena', scope, `workgroup/${name ?? 'primary'}`);

/** Rights of Athena's operations; `workgroupOf` says in which workgroup a query ran. Source: Service Authorization Reference, "Amazon Athena". */
export function athenaRights(workgroupOf: (queryId: string | undefined) => string | undefined): Rights {
  return actionsOn('athena', [
    ['CreateWorkGroup', ({ Name }: Input, scope) => workgroup(Name, scope)],
    [
      'GetWorkGroup UpdateWorkGroup DeleteWorkGroup StartQueryExecution ListQueryExecutions',
      ({ WorkGroup }: Input, scope) => workgroup(WorkGroup, scope),
    ],
    [
      'GetQueryExecution StopQueryExecution GetQueryResults',
      ({ QueryExecutionId }: Input, scope) => workgroup(workgroupOf(QueryExecutionId), scope),
    ],
    [
      'BatchGetQueryExecution',
      ({ QueryExecutionIds }: Input, scope) =>
        ((QueryExecutionIds ?? []) as string[]).map((id) => workgroup(workgroupOf(id), scope)),
    ],
    ['ListWorkGroups', ANY],
  ]);
}
