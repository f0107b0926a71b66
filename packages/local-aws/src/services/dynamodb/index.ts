import type { ServiceFactory } from '../../cloud';
import { DataKeys } from '../../encryption/data-keys';
import { MinuteMetrics } from '../../metering/minute-metrics';
import { dynamoRights } from './authorization';
import { batchOperations } from './batches';
import { Capacity } from './capacity';
import { TableEncryption } from './encryption';
import { Expiry } from './expiry';
import { itemOperations } from './items';
import { queryOperations } from './queries';
import { dynamoResources } from './resources';
import { DynamoStore } from './store';
import { tableOperations } from './tables';
import { TransactionTokens, transactionOperations } from './transactions';

/** DynamoDB: tables with global indexes, conditional writes, expressions, transactions, time to live. No streams, no PartiQL. */
export const dynamodb: ServiceFactory = (cloud) => {
  const store = new DynamoStore(cloud);
  const metrics = new MinuteMetrics(cloud, 'AWS/DynamoDB', 'dynamodb.amazonaws.com');
  const capacity = new Capacity(metrics);
  const expiry = new Expiry(cloud, store);
  const tokens = new TransactionTokens(cloud);
  const encryption = new TableEncryption(store, new DataKeys(cloud, 'dynamodb'), cloud.account);
  const parts = { cloud, store, capacity, expiry };
  return {
    name: 'dynamodb',
    signingNames: ['dynamodb'],
    sdk: '@aws-sdk/client-dynamodb',
    rights: dynamoRights(store),
    operations: {
      ...tableOperations(cloud, store, expiry, encryption),
      ...encryption.items({
        ...itemOperations(parts),
        ...queryOperations(store, capacity),
        ...batchOperations(parts),
        ...transactionOperations(parts, tokens),
      }),
    },
    resources: dynamoResources,
    async start() {
      await tokens.sweep();
      expiry.start();
    },
    async stop() {
      expiry.stop();
      tokens.stop();
      await metrics.flush();
    },
  };
};
