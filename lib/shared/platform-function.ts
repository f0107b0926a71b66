import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  Code,
  type Function as LambdaFunction,
  Function as Resource,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import { explainWildcards } from '../policy/wildcards';
import { acknowledge } from './acknowledge';
import type { Artefacts, FunctionName } from './artefacts';
import { QUEUE_KEY_WILDCARDS } from './dead-letters';
import { statefulRemoval } from './platform-stage';

export interface PlatformFunctionProps {
  /** The row of the stage table: log retention and removal. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Bundles. */
  readonly artefacts: Artefacts;
  /** Which function of `lambda/` this is. */
  readonly function: FunctionName;
  /** What it does, for people who read the console. */
  readonly description: string;
  /** Key that encrypts its log group. */
  readonly logKey: IKey;
  /**
   * Variables besides STAGE.
   *
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * @default Duration.seconds(10)
   */
  readonly timeout?: Duration;
  /**
   * Memory in MiB; CPU follows it.
   *
   * @default 512
   */
  readonly memorySize?: number;
  /**
   * Most concurrent executions.
   *
   * @default - the account's pool
   */
  readonly reservedConcurrency?: number;
  /**
   * Queue for asynchronous events that failed for good.
   *
   * @default - none: the function is called synchronously, or by a mapping or caller that keeps its failures
   */
  readonly deadLetterQueue?: IQueue;
}

const DEFAULTS = { timeout: Duration.seconds(10), memorySize: 512 } as const;

/** A function with its own role and its own encrypted log group; permissions come from `grant...` methods only. */
export class PlatformFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: PlatformFunctionProps) {
    super(scope, id);
    const logGroup = this.createLogGroup(props);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Execution role of ${props.function}`,
    });
    logGroup.grantWrite(role);
    this.function = new Resource(this, 'Resource', {
      functionName: props.names.of(props.function),
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.X86_64,
      handler: 'index.handler',
      code: Code.fromAsset(props.artefacts.bundle(props.function)),
      role,
      logGroup,
      tracing: Tracing.ACTIVE,
      timeout: props.timeout ?? DEFAULTS.timeout,
      memorySize: props.memorySize ?? DEFAULTS.memorySize,
      environment: {
        STAGE: props.stage.name,
        POWERTOOLS_SERVICE_NAME: props.function,
        AWS_NODEJS_CONNECTION_REUSE_ENABLED: '1',
        ...props.environment,
      },
      ...(props.reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(props.deadLetterQueue === undefined ? {} : { deadLetterQueue: props.deadLetterQueue }),
    });
    explainWildcards(this, [{ pattern: /^Resource::\*$/, reason: "X-Ray's write actions are not bound to a resource." }]);
    this.keepFailures(props.deadLetterQueue);
  }

  private keepFailures(queue: IQueue | undefined): void {
    if (queue === undefined) {
      acknowledge(this.function, [
        ['Serverless-LambdaDLQ', 'It is called synchronously, or its mapping or caller keeps what failed.'],
      ]);
      return;
    }
    // The queue is encrypted: without its key the function could send nothing.
    queue.grantSendMessages(this.function);
    explainWildcards(this, QUEUE_KEY_WILDCARDS);
  }

  private createLogGroup(props: PlatformFunctionProps): LogGroup {
    return new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${props.names.of(props.function)}`,
      encryptionKey: props.logKey,
      retention: props.stage.logRetentionDays,
      removalPolicy: statefulRemoval(props.stage),
    });
  }
}
