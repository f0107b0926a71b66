import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Network } from '../foundation/network';
import type { ModelTables } from '../monitoring/model-tables';
import { explainWildcards } from '../policy/wildcards';
import type { ModelEndpoint } from '../serving/model-endpoint';
import { DeadLetters } from '../shared/dead-letters';
import { PlatformFunction } from '../shared/platform-function';
import type { PlatformStage } from '../shared/platform-stage';
import { RUN_PREFIX } from '../training/grants';

export interface PromotionProps extends PlatformStage {
  readonly logKey: IKey;
  /** Key of the models' data class. */
  readonly modelsKey: IKey;
  readonly bucket: Bucket;
  readonly tables: ModelTables;
  /** By model name. */
  readonly endpoints: ReadonlyMap<string, ModelEndpoint>;
  readonly onCall: Topic;
  /**
   * Network of the model servers.
   *
   * @default - none: the service's own network
   */
  readonly network?: Network;
}

/** The function that follows a challenger from its run to the champion pointer, and the rules that wake it. */
export class Promotion extends Construct {
  readonly function: PlatformFunction;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: PromotionProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'Failed', { key: props.logKey, queueName: props.names.of('promote-failed') }).queue;
    this.function = this.createFunction(props);
    this.grant(props);
    explainWildcards(this.function, [
      {
        pattern: /:(model-package|model)\/.*\*$/,
        reason: 'Versions are numbered by the registry while it runs; the model is fixed.',
      },
      {
        pattern: /:endpoint-config\/.*\*$/,
        reason: 'Configurations are made per version, and read by the name the endpoint states.',
      },
      { pattern: /:pipeline\/.*\/execution\/\*$/, reason: 'Executions are named by the service when they start.' },
      {
        pattern: RUN_PREFIX,
        reason: "Runs of the model's own prefix are named when they start.",
      },
    ]);
    this.createRules(props);
  }

  private createFunction(props: PromotionProps): PlatformFunction {
    const roles = [...props.endpoints.values()].map(({ role }) => role.roleArn);
    const vpc =
      props.network === undefined
        ? null
        : {
            subnets: props.network.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
            securityGroups: [props.network.securityGroup.securityGroupId],
          };
    return new PlatformFunction(this, 'Function', {
      ...props,
      function: 'promote',
      description: 'Verifies challengers, rolls them out by canary and keeps the champion pointers',
      timeout: Duration.minutes(2),
      memorySize: 1024,
      reservedConcurrency: 1,
      deadLetterQueue: this.deadLetters,
      environment: {
        MODELS_BUCKET: props.bucket.bucketName,
        MODELS_KEY_ARN: props.modelsKey.keyArn,
        SERVING_ROLE_ARNS: Stack.of(this).toJsonString(
          Object.fromEntries([...props.endpoints.keys()].map((model, index) => [model, roles[index]])),
        ),
        ON_CALL_TOPIC: props.onCall.topicArn,
        VPC: Stack.of(this).toJsonString(vpc),
      },
    });
  }

  private grant(props: PromotionProps): void {
    const { names, platform, bucket } = props;
    const grantee = this.function.function;
    props.tables.grantRollouts(grantee);
    for (const endpoint of props.endpoints.values()) {
      endpoint.grantRollOut(grantee);
      endpoint.grantDescribe(grantee);
    }
    const arn = (service: string, rest: string): string =>
      `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${rest}`;
    for (const { name } of platform.models) {
      this.function.allow(['sagemaker:DescribeModelPackage'], [arn('sagemaker', `model-package/${names.packageGroup(name)}/*`)]);
      this.function.allow(
        ['sagemaker:DescribePipelineExecution'],
        [arn('sagemaker', `pipeline/${names.pipeline(name)}/execution/*`)],
      );
      this.function.allow(['s3:GetObject'], [bucket.arnForObjects(`${name}/*`)]);
      this.function.allow(['s3:PutObject'], [bucket.arnForObjects(`${name}/profiles/*`)]);
      this.function.allow(
        ['ssm:GetParameter', 'ssm:PutParameter'],
        [names.championParameter(name), names.championUrlParameter(name), names.championVersionParameter(name)].map((it) =>
          arn('ssm', `parameter${it}`),
        ),
      );
      this.function.allow(['ssm:GetParameter'], [arn('ssm', `parameter${names.freezeParameter(name)}`)]);
    }
    this.function.allow(['s3:ListBucket'], [bucket.bucketArn]);
    this.function.allow(['kms:Decrypt', 'kms:GenerateDataKey'], [props.modelsKey.keyArn]);
    props.onCall.grantPublish(grantee);
  }

  private createRules({ names, platform }: PromotionProps): void {
    const models = platform.models.map(({ name }) => name);
    const executions = models.map(
      (model) => `arn:${Aws.PARTITION}:sagemaker:${Aws.REGION}:${Aws.ACCOUNT_ID}:pipeline/${names.pipeline(model)}`,
    );
    const rules: Record<string, EventPattern> = {
      PackageApproved: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Model Package State Change'],
        detail: { ModelPackageGroupName: models.map(names.packageGroup), ModelApprovalStatus: ['Approved'] },
      },
      RunEnded: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Model Building Pipeline Execution Status Change'],
        detail: { pipelineArn: executions, currentPipelineExecutionStatus: ['Failed', 'Stopped'] },
      },
      EndpointSettled: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Endpoint State Change'],
        detail: { EndpointName: models.map(names.endpoint) },
      },
    };
    for (const [id, eventPattern] of Object.entries(rules)) {
      const target = new LambdaFunction(this.function.function, { deadLetterQueue: this.deadLetters, retryAttempts: 10 });
      new Rule(this, id, { eventPattern, description: `Tells promote: ${id}`, targets: [target] });
    }
  }
}
