import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient, StartPipelineExecutionCommand } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { alarmsInAlarm } from '../adapters/alarms';
import { ParameterChampions } from '../adapters/champions';
import { DynamoModelHistory } from '../adapters/model-history';
import { DynamoWindowTable } from '../adapters/window-table';
import { clientOptions } from '../runtime/deadline';
import { createLogger, EmfMetrics } from '../runtime/observability';
import { openStage } from '../runtime/stage';
import { makeRetrain } from './handler';

const context = openStage();
const options = clientOptions(5000, 3);
const dynamo = new DynamoDBClient(options);
const sagemaker = new SageMakerClient(options);
const cloudwatch = new CloudWatchClient(options);

export const handler = makeRetrain({
  ...context,
  history: new DynamoModelHistory(dynamo, context.names.ledgerTable),
  champions: new ParameterChampions(new SSMClient(options), context.names),
  windows: new DynamoWindowTable(dynamo, context.names.monitoringTable),
  start: async (PipelineName, parameters, ClientRequestToken) => {
    const PipelineParameters = Object.entries(parameters).map(([Name, Value]) => ({ Name, Value }));
    const answer = await sagemaker.send(
      new StartPipelineExecutionCommand({ PipelineName, PipelineParameters, ClientRequestToken }),
    );
    return answer.PipelineExecutionArn ?? '';
  },
  alarmsInAlarm: (names) => alarmsInAlarm(cloudwatch, names),
  metrics: new EmfMetrics(),
  log: createLogger(),
  now: Date.now,
});
