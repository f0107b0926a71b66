import { KinesisClient } from '@aws-sdk/client-kinesis';
import { KinesisEventStream } from '../adapters/event-stream';
import { clientOptions } from '../runtime/deadline';
import { apiFunction, openStage } from '../runtime/stage';
import { makeEvents } from './handler';

const context = openStage();
const client = new KinesisClient(clientOptions(2000, 3));

export const handler = apiFunction(
  context,
  makeEvents({ ...context, stream: (source) => new KinesisEventStream(client, context.names.stream(source)), now: Date.now }),
);
