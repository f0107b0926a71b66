import type { ServiceFactory } from '../../cloud';
import { athenaRights } from './authorization';
import { queryOperations } from './queries';
import { athenaResources } from './resources';
import { QueryRunner } from './runner';
import { AthenaStore } from './store';
import { workgroupOperations } from './workgroups';

/** Athena: Trino's SELECT and UNLOAD run by DuckDB over the Glue tables' objects in S3, with the rights of who asks. */
export const athena: ServiceFactory = (cloud) => {
  const store = new AthenaStore(cloud);
  const runner = new QueryRunner(cloud, store);
  return {
    name: 'athena',
    signingNames: ['athena'],
    sdk: '@aws-sdk/client-athena',
    rights: athenaRights((id) => store.queries.get(id ?? '')?.workgroup),
    operations: { ...workgroupOperations(cloud, store), ...queryOperations(cloud, store, runner) },
    resources: athenaResources,
    start: () => runner.resume(),
    stop: () => runner.stop(),
  };
};
