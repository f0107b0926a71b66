import type { ServiceFactory } from '../../cloud';
import { glueRights } from './authorization';
import { databaseOperations } from './databases';
import { glueResources } from './resources';
import { GlueStore } from './store';
import { tableOperations } from './tables';

/** The Glue Data Catalog: databases, tables and their versions. Jobs, crawlers and stored partitions are not here. */
export const glue: ServiceFactory = (cloud) => {
  const store = new GlueStore(cloud);
  return {
    name: 'glue',
    signingNames: ['glue'],
    sdk: '@aws-sdk/client-glue',
    rights: glueRights,
    operations: { ...databaseOperations(cloud, store), ...tableOperations(cloud, store) },
    resources: glueResources,
  };
};
