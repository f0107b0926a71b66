import { lambda } from './services/compute';
import { analytics, dynamodb, kinesis } from './services/data';
import { account, messaging } from './services/messaging';
import { apigateway, cloudformation, cloudwatch } from './services/operations';
import { s3 } from './services/s3';
import { sagemaker } from './services/sagemaker';
import type { Session } from './steps';

/** Everything that is typed, by what it is about. */
export const SESSIONS: readonly Session[] = [
  s3,
  sagemaker,
  cloudformation,
  lambda,
  account,
  messaging,
  dynamodb,
  analytics,
  apigateway,
  cloudwatch,
  kinesis,
];
