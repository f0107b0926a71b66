import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { FeatureRecords } from '../adapters/feature-records';
import { DynamoTilePages } from '../adapters/tile-pages';
import { clientOptions } from '../runtime/deadline';
import { readEnvironment } from '../runtime/environment';
import { createLogger, EmfMetrics } from '../runtime/observability';
import { openStage } from '../runtime/stage';
import { Aggregator } from './aggregator';
import { makeAggregate } from './handler';

const { QUARANTINE_URL } = readEnvironment(z.object({ QUARANTINE_URL: z.url() }));
const context = openStage();
const options = clientOptions(5000, 3);
const queue = new SQSClient(options);
const aggregator = new Aggregator({
  ...context,
  pages: new DynamoTilePages(new DynamoDBClient(options), context.names.tilesTable),
  features: new FeatureRecords(new SageMakerFeatureStoreRuntimeClient(options)),
});
const sources = new Map(context.platform.sources.map(({ name }) => [context.names.stream(name), name]));

export const handler = makeAggregate({
  ...context,
  sourceOf: (arn) => sources.get(arn.slice(arn.lastIndexOf('/') + 1)),
  add: (source, events) => aggregator.add(source, events),
  quarantine: async (record) => {
    await queue.send(new SendMessageCommand({ QueueUrl: QUARANTINE_URL, MessageBody: JSON.stringify(record) }));
  },
  metrics: new EmfMetrics(),
  now: Date.now,
  log: createLogger(),
});
