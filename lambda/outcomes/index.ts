import { KinesisClient } from '@aws-sdk/client-kinesis';
import { INFERENCE } from '../../core/naming';
import { KinesisEventStream } from '../adapters/event-stream';
import { clientOptions } from '../runtime/deadline';
import { apiFunction, openStage } from '../runtime/stage';
import { makeOutcomes } from './handler';

const context = openStage();
const log = new KinesisEventStream(new KinesisClient(clientOptions(2000, 3)), context.names.stream(INFERENCE));

export const handler = apiFunction(context, makeOutcomes({ ...context, log, now: Date.now }));
