import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { ParameterChampions } from '../adapters/champions';
import { SageMakerFleet } from '../adapters/endpoint-fleet';
import { ModelBucket } from '../adapters/model-bucket';
import { DynamoModelHistory } from '../adapters/model-history';
import { topicNotifier } from '../adapters/notifier';
import { SageMakerRegistry } from '../adapters/registry';
import { clientOptions } from '../runtime/deadline';
import { jsonVariable, readEnvironment } from '../runtime/environment';
import { createLogger, EmfMetrics } from '../runtime/observability';
import { openStage } from '../runtime/stage';
import { makePromote } from './handler';

const vpcSchema = z.strictObject({ subnets: z.array(z.string()), securityGroups: z.array(z.string()) }).nullable();
const environment = readEnvironment(
  z.object({
    MODELS_BUCKET: z.string(),
    ROLE_ARN_PREFIX: z.string().startsWith('arn:'),
    MODELS_KEY_ARN: z.string(),
    ON_CALL_TOPIC: z.string(),
    VPC: jsonVariable(vpcSchema),
  }),
);
const context = openStage();
const options = clientOptions(10_000, 3);
const client = new SageMakerClient(options);

export const handler = makePromote({
  ...context,
  history: new DynamoModelHistory(new DynamoDBClient(options), context.names.ledgerTable),
  champions: new ParameterChampions(new SSMClient(options), context.names),
  registry: new SageMakerRegistry(client),
  fleet: new SageMakerFleet({
    client,
    roleArn: (model) => `${environment.ROLE_ARN_PREFIX}${context.names.servingRole(model)}`,
    kmsKeyArn: environment.MODELS_KEY_ARN,
    vpc: environment.VPC,
  }),
  bucket: new ModelBucket(new S3Client(options), environment.MODELS_BUCKET),
  notify: topicNotifier(new SNSClient(options), environment.ON_CALL_TOPIC),
  metrics: new EmfMetrics(),
  log: createLogger(),
  now: Date.now,
});
