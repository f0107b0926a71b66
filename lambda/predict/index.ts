import { KinesisClient } from '@aws-sdk/client-kinesis';
import { SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { ulid } from 'ulid';
import { INFERENCE } from '../../core/naming';
import { KinesisEventStream } from '../adapters/event-stream';
import { FeatureRecords } from '../adapters/feature-records';
import { SageMakerEndpoint } from '../adapters/model-endpoint';
import { clientOptions } from '../runtime/deadline';
import { apiFunction, openStage } from '../runtime/stage';
import { makePredict } from './handler';

const context = openStage();

export const handler = apiFunction(
  context,
  makePredict({
    ...context,
    features: new FeatureRecords(new SageMakerFeatureStoreRuntimeClient(clientOptions(1000, 2))),
    endpoint: new SageMakerEndpoint(new SageMakerRuntimeClient(clientOptions(3500, 1))),
    log: new KinesisEventStream(new KinesisClient(clientOptions(1000, 2)), context.names.stream(INFERENCE)),
    now: Date.now,
    newId: () => ulid(),
  }),
);
