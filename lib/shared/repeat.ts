import { Aws, type Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { explainWildcards } from '../policy/wildcards';
import { QUEUE_KEY_WILDCARDS } from './dead-letters';

export interface RepeatProps {
  /** What is invoked. */
  readonly function: IFunction;
  /** Time between two invocations. */
  readonly every: Duration;
  /** What the function is given. */
  readonly payload: object;
  /** What it is for, for people who read the console. */
  readonly description: string;
  /** Queue for invocations that could not be delivered. */
  readonly deadLetters: IQueue;
  /** Key that encrypts the schedule. */
  readonly key: IKey;
}

/** Invokes a function again and again. */
export function repeat(scope: Construct, id: string, props: RepeatProps): Schedule {
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
    description: props.description,
  });
  // The queue is encrypted: without its key the scheduler could send nothing.
  props.deadLetters.grantSendMessages(role);
  explainWildcards(role, [
    { pattern: /\.Arn>:\*$/, reason: "CDK's grant to invoke covers the function's versions." },
    ...QUEUE_KEY_WILDCARDS,
  ]);
  return new Schedule(scope, id, {
    schedule: ScheduleExpression.rate(props.every),
    description: props.description,
    key: props.key,
    target: new LambdaInvoke(props.function, {
      role,
      input: ScheduleTargetInput.fromObject(props.payload),
      deadLetterQueue: props.deadLetters,
      retryAttempts: 3,
    }),
  });
}
