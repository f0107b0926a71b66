import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { ModelBucket } from '../adapters/model-bucket';
import { DynamoModelHistory } from '../adapters/model-history';
import { DynamoWindowTable } from '../adapters/window-table';
import { clientOptions } from '../runtime/deadline';
import { readEnvironment } from '../runtime/environment';
import { createLogger, EmfMetrics } from '../runtime/observability';
import { openStage } from '../runtime/stage';
import { makeWatch } from './handler';
import { Publisher } from './publisher';
import { WindowCounter } from './window-counter';

const { MODELS_BUCKET } = readEnvironment(z.object({ MODELS_BUCKET: z.string() }));
const context = openStage();
const options = clientOptions(5000, 3);
const dynamo = new DynamoDBClient(options);
const table = new DynamoWindowTable(dynamo, context.names.monitoringTable);
const bucket = new ModelBucket(new S3Client(options), MODELS_BUCKET);
const shared = { ...context, table, profile: bucket.profile.bind(bucket), now: Date.now };
const counter = new WindowCounter(shared);
const publisher = new Publisher({
  ...shared,
  history: new DynamoModelHistory(dynamo, context.names.ledgerTable),
  metrics: new EmfMetrics(),
});

export const handler = makeWatch({
  add: (batch) => counter.add(batch),
  publish: () => publisher.publish(),
  log: createLogger(),
});
