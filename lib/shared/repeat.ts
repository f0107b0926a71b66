import type { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface RepeatProps {
  readonly function: IFunction;
  readonly every: Duration;
  /** What the function is given. */
  readonly payload: object;
  readonly description: string;
  /** Queue for invocations that could not be delivered. */
  readonly deadLetters: IQueue;
  /** Key that encrypts the schedule. */
  readonly key: IKey;
}

/** Invokes a function again and again. */
export function repeat(scope: Construct, id: string, props: RepeatProps): Schedule {
  return new Schedule(scope, id, {
    schedule: ScheduleExpression.rate(props.every),
    description: props.description,
    key: props.key,
    target: new LambdaInvoke(props.function, {
      input: ScheduleTargetInput.fromObject(props.payload),
      deadLetterQueue: props.deadLetters,
      retryAttempts: 3,
    }),
  });
}
