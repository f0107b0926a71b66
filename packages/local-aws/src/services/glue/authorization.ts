import { actionsOn, arnOf, type Input, type Rights, type Scope } from '../../iam/rights';

const catalog = (scope: Scope): string => arnOf('glue', scope, 'catalog');
const database = (name: string | undefined, scope: Scope): string => arnOf('glue', scope, `database/${name ?? '*'}`);
const table = (of: string | undefined, name: string | undefined, scope: Scope): string =>
  arnOf('glue', scope, `table/${of ?? '*'}/${name ?? '*'}`);

/** Rights of Glue's operations: also on what contains a resource. Source: Service Authorization Reference, "AWS Glue". */
export const glueRights: Rights = actionsOn('glue', [
  ['CreateDatabase', ({ DatabaseInput }: Input, scope) => [catalog(scope), database(DatabaseInput?.Name, scope)]],
  ['GetDatabase UpdateDatabase DeleteDatabase', ({ Name }: Input, scope) => [catalog(scope), database(Name, scope)]],
  ['GetDatabases', (_, scope) => [catalog(scope), database('*', scope)]],
  [
    'CreateTable UpdateTable',
    ({ DatabaseName, TableInput }: Input, scope) => [
      catalog(scope),
      database(DatabaseName, scope),
      table(DatabaseName, TableInput?.Name, scope),
    ],
  ],
  [
    'DeleteTable GetTable',
    ({ DatabaseName, Name }: Input, scope) => [catalog(scope), database(DatabaseName, scope), table(DatabaseName, Name, scope)],
  ],
  [
    'GetTables GetTableVersion GetTableVersions GetPartitions',
    ({ DatabaseName, TableName }: Input, scope) => [
      catalog(scope),
      database(DatabaseName, scope),
      table(DatabaseName, TableName, scope),
    ],
  ],
]);
