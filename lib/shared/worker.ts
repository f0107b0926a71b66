import type { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import type { Artefacts, FunctionName } from './artefacts';
import { DeadLetters } from './dead-letters';
import { PlatformFunction } from './platform-function';

/** What every worker is made of. */
export interface WorkerProps {
  /** Log retention and removal. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Bundles of the functions. */
  readonly artefacts: Artefacts;
  /** Key of its log group and of its dead letters. */
  readonly logKey: IKey;
}

/** How one worker differs from the others. */
export interface WorkerSettings {
  /** Which function of `lambda/` it is. */
  readonly function: FunctionName;
  /** What it does, for people who read the console. */
  readonly description: string;
  /** Longest run. */
  readonly timeout: Duration;
  /**
   * Memory in MiB.
   *
   * @default - the platform function's
   */
  readonly memorySize?: number;
  /**
   * Variables besides those of every function.
   *
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Whether it takes asynchronous events, one at a time, and those that failed for good go to the dead letters.
   *
   * @default false: a mapping or schedule calls it and keeps what failed
   */
  readonly asynchronous?: boolean;
}

/** A function that works in the background, with the queue that keeps what it could not do for people to look at. */
export abstract class Worker extends Construct {
  readonly deadLetters: Queue;
  protected readonly platformFunction: PlatformFunction;

  constructor(scope: Construct, id: string, { stage, names, artefacts, logKey }: WorkerProps, settings: WorkerSettings) {
    super(scope, id);
    const { function: name, description, timeout, memorySize, environment, asynchronous = false } = settings;
    this.deadLetters = new DeadLetters(this, 'Failed', { key: logKey, queueName: names.of(`${name}-failed`) }).queue;
    this.platformFunction = new PlatformFunction(this, 'Function', {
      stage,
      names,
      artefacts,
      logKey,
      function: name,
      description,
      timeout,
      ...(memorySize === undefined ? {} : { memorySize }),
      ...(environment === undefined ? {} : { environment }),
      // One at a time: a lease or a version in the tables guards what this cannot.
      ...(asynchronous ? { reservedConcurrency: 1, deadLetterQueue: this.deadLetters } : {}),
    });
  }

  get function(): LambdaFunction {
    return this.platformFunction.function;
  }
}
