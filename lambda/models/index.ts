import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { ParameterChampions } from '../adapters/champions';
import { once, tokenEndpoint } from '../adapters/discovery';
import { clientOptions } from '../runtime/deadline';
import { readEnvironment } from '../runtime/environment';
import { apiFunction, openStage } from '../runtime/stage';
import { makeModels } from './handler';

const { ISSUER, PLATFORM_VERSION } = readEnvironment(z.object({ ISSUER: z.url(), PLATFORM_VERSION: z.string() }));
const context = openStage();
const sagemaker = new SageMakerClient(clientOptions(2000, 2));

export const handler = apiFunction(
  context,
  makeModels({
    ...context,
    champions: new ParameterChampions(new SSMClient(clientOptions(2000, 2)), context.names),
    endpointStatus: async (endpoint) =>
      (await sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpoint }))).EndpointStatus ?? 'Unknown',
    tokenUrl: once(() => tokenEndpoint(ISSUER)),
    version: PLATFORM_VERSION,
  }),
);
