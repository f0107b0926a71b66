import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { ParameterChampions } from '../adapters/champions';
import { ModelBucket } from '../adapters/model-bucket';
import { DynamoModelHistory } from '../adapters/model-history';
import { customResource } from '../runtime/custom-resource';
import { clientOptions } from '../runtime/deadline';
import { readEnvironment } from '../runtime/environment';
import { createLogger } from '../runtime/observability';
import { openStage } from '../runtime/stage';
import { makeSeed } from './handler';

const { MODELS_BUCKET } = readEnvironment(z.object({ MODELS_BUCKET: z.string() }));
const { names } = openStage();
const options = clientOptions(10_000, 4);
const bucket = new ModelBucket(new S3Client(options), MODELS_BUCKET);

export const handler = customResource(
  makeSeed({
    champions: new ParameterChampions(new SSMClient(options), names),
    history: new DynamoModelHistory(new DynamoDBClient(options), names.ledgerTable),
    adopt: (source, key, target) => bucket.adopt(source, key, target),
    now: Date.now,
  }),
  createLogger(),
);
