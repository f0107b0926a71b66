import { Duration, Stack } from 'aws-cdk-lib';
import { type EventPattern, Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Names } from '../../core/naming';
import type { Network } from '../foundation/network';
import type { ModelTables } from '../monitoring/model-tables';
import { explainWildcards } from '../policy/wildcards';
import { ENDPOINT_WILDCARDS, type EndpointFleet } from '../serving/endpoint-fleet';
import { arnOf, roleArnPrefix } from '../shared/arns';
import { Worker, type WorkerProps } from '../shared/worker';
import { EXECUTION_WILDCARDS, type TrainingPipelines } from '../training/training-pipelines';
import { POINTER_WILDCARDS } from './champion-pointers';
import { type ModelRegistry, PACKAGE_WILDCARDS } from './model-registry';

export interface PromotionProps extends WorkerProps {
  /** Key of the models' data class. */
  readonly modelsKey: IKey;
  /** Packages, artefacts and champion pointers. */
  readonly registry: ModelRegistry;
  /** Runs that challengers come from. */
  readonly pipelines: TrainingPipelines;
  /** What challengers are rolled out to. */
  readonly endpoints: EndpointFleet;
  /** Ledger of what happens. */
  readonly tables: ModelTables;
  /** Who hears of roll-outs. */
  readonly onCall: Topic;
  /**
   * Network of the model servers.
   *
   * @default - none: the service's own network
   */
  readonly network?: Network | undefined;
}

/** The function that follows a challenger from its run to the champion pointer, and the rules that wake it. */
export class Promotion extends Worker {
  constructor(scope: Construct, id: string, props: PromotionProps) {
    super(scope, id, props, {
      function: 'promote',
      description: 'Verifies challengers, rolls them out by canary and keeps the champion pointers',
      timeout: Duration.minutes(2),
      memorySize: 1024,
      asynchronous: true,
      environment: {
        MODELS_BUCKET: props.registry.bucket.bucketName,
        MODELS_KEY_ARN: props.modelsKey.keyArn,
        // Roles of the model servers are named by rule, so that no list of them stands here.
        ROLE_ARN_PREFIX: roleArnPrefix(),
        ON_CALL_TOPIC: props.onCall.topicArn,
        VPC: Stack.of(scope).toJsonString(props.network?.placement ?? null),
      },
    });
    props.tables.grantRollouts(this.function);
    props.endpoints.grantRollOut(this.function);
    props.endpoints.grantDescribe(this.function);
    props.registry.grantRelease(this.function);
    props.registry.pointers.grantWrite(this.function);
    props.registry.pointers.grantReadFreeze(this.function);
    props.pipelines.grantDescribeRuns(this.function);
    props.onCall.grantPublish(this.function);
    explainWildcards(this.platformFunction, [
      ...ENDPOINT_WILDCARDS,
      ...PACKAGE_WILDCARDS,
      ...POINTER_WILDCARDS,
      ...EXECUTION_WILDCARDS,
    ]);
    this.createRules(props.names);
  }

  /** Patterns by the prefix of the stage's names: a list would end at the 2,048 characters of a pattern. */
  private createRules(names: Names): void {
    const own = Match.prefix(names.of(''));
    const rules: Record<string, EventPattern> = {
      PackageApproved: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Model Package State Change'],
        detail: { ModelPackageGroupName: own, ModelApprovalStatus: ['Approved'] },
      },
      RunEnded: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Model Building Pipeline Execution Status Change'],
        detail: {
          pipelineArn: Match.prefix(arnOf('sagemaker', `pipeline/${names.of('')}`)),
          currentPipelineExecutionStatus: ['Failed', 'Stopped'],
        },
      },
      EndpointSettled: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Endpoint State Change'],
        detail: { EndpointName: own },
      },
    };
    for (const [id, eventPattern] of Object.entries(rules)) {
      const target = new LambdaFunction(this.function, { deadLetterQueue: this.deadLetters, retryAttempts: 10 });
      new Rule(this, id, { eventPattern, description: `Tells promote: ${id}`, targets: [target] });
    }
  }
}
