import { Aws, CfnDynamicReference, CfnDynamicReferenceService, Stack } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Grant, type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { type Model, type Serving, seconds } from '../../core/definition';
import { VARIANT } from '../../core/naming';
import type { Network } from '../foundation/network';
import { explainWildcards } from '../policy/wildcards';
import type { PlatformStage } from '../shared/platform-stage';
import { xgboostImage } from '../training/framework-images';
import { grantContainer, RUN_PREFIX } from '../training/grants';
import { EndpointAlarms } from './endpoint-alarms';

export interface ModelEndpointProps extends PlatformStage {
  readonly model: Model;
  /** Bucket of artefacts. */
  readonly bucket: Bucket;
  /** Key of the models' data class. */
  readonly key: IKey;
  /**
   * Network of the model servers.
   *
   * @default - none: the service's own network
   */
  readonly network?: Network;
}

/** Seconds between scaling steps; in is slower than out, so that a lull does not shed capacity that is needed again. */
const COOLDOWN = { out: 60, in: 300 } as const;

/**
 * The endpoint of one model as native CloudFormation. The champion is resolved from its pointer when a stack is deployed, so an update
 * never brings an old model back; between deployments the `promote` function alone changes what is served.
 */
export class ModelEndpoint extends Construct {
  readonly role: Role;
  readonly alarms: EndpointAlarms;
  readonly endpoint: CfnEndpoint;
  private readonly name: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ModelEndpointProps,
  ) {
    super(scope, id);
    this.name = props.names.endpoint(props.model.name);
    this.alarms = new EndpointAlarms(this, 'Alarms', props);
    this.role = this.createRole();
    const model = this.createModel();
    const config = this.createConfig(model);
    this.endpoint = this.createEndpoint(config);
    this.createScaling();
  }

  get endpointArn(): string {
    return `arn:${Aws.PARTITION}:sagemaker:${Aws.REGION}:${Aws.ACCOUNT_ID}:endpoint/${this.name}`;
  }

  /** Ask the model for predictions. */
  grantInvoke(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['sagemaker:InvokeEndpoint'], resourceArns: [this.endpointArn] });
  }

  /** Read what is served. */
  grantDescribe(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['sagemaker:DescribeEndpoint'], resourceArns: [this.endpointArn] });
  }

  /** Roll versions out: own models and configurations, this endpoint, in this model role only. */
  grantRollOut(grantee: IGrantable): void {
    const arn = (rest: string): string => `arn:${Aws.PARTITION}:sagemaker:${Aws.REGION}:${Aws.ACCOUNT_ID}:${rest}`;
    const grant = (actions: string[], resourceArns: string[]): Grant => Grant.addToPrincipal({ grantee, actions, resourceArns });
    grant(['sagemaker:CreateModel'], [arn(`model/${this.name}-v*`)]);
    grant(['sagemaker:CreateEndpointConfig', 'sagemaker:DescribeEndpointConfig'], [arn('endpoint-config/*')]);
    grant(['sagemaker:UpdateEndpoint'], [this.endpointArn, arn(`endpoint-config/${this.name}-v*`)]);
    grant(['kms:CreateGrant', 'kms:DescribeKey'], [this.props.key.keyArn]);
    Grant.addToPrincipal({
      grantee,
      actions: ['iam:PassRole'],
      resourceArns: [this.role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
  }

  private get fleet(): Serving['fleet'][string] {
    const { model, stage } = this.props;
    const fleet = model.serving.fleet[stage.name];
    if (fleet === undefined) throw new Error(`models.${model.name}.serving.fleet: lacks stage '${stage.name}'`);
    return fleet;
  }

  private createRole(): Role {
    const { bucket, key, model, network } = this.props;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: `Model servers of ${model.name}`,
    });
    const { repositoryArn } = xgboostImage(Stack.of(this));
    role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects(`${model.name}/*`)] }));
    role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }));
    role.addToPolicy(new PolicyStatement({ actions: ['kms:Decrypt', 'kms:DescribeKey'], resources: [key.keyArn] }));
    role.addToPolicy(
      new PolicyStatement({
        actions: ['kms:CreateGrant'],
        resources: [key.keyArn],
        conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['cloudwatch:DescribeAlarms'],
        resources: [this.alarms.errors.alarmArn, this.alarms.latency.alarmArn],
      }),
    );
    explainWildcards(role, [{ pattern: RUN_PREFIX, reason: "Artefacts of versions lie below the model's own prefix." }]);
    grantContainer(role, repositoryArn, [`/aws/sagemaker/Endpoints/${this.name}`], '/aws/sagemaker/Endpoints', network);
    return role;
  }

  private createModel(): CfnModel {
    const { model, names, network } = this.props;
    const parameter = (name: string): string => new CfnDynamicReference(CfnDynamicReferenceService.SSM, name).toString();
    const resource = new CfnModel(this, 'Model', {
      executionRoleArn: this.role.roleArn,
      primaryContainer: {
        image: xgboostImage(Stack.of(this)).uri,
        modelDataUrl: parameter(names.championUrlParameter(model.name)),
        environment: {
          SAGEMAKER_PROGRAM: 'inference.py',
          SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code',
          MODEL_VERSION: parameter(names.championVersionParameter(model.name)),
        },
      },
      ...(network === undefined
        ? {}
        : {
            vpcConfig: {
              subnets: network.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
              securityGroupIds: [network.securityGroup.securityGroupId],
            },
          }),
    });
    const policy = this.role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) resource.node.addDependency(policy);
    return resource;
  }

  private createConfig(model: CfnModel): CfnEndpointConfig {
    const { instanceType, minInstances } = this.fleet;
    return new CfnEndpointConfig(this, 'Config', {
      kmsKeyId: this.props.key.keyArn,
      productionVariants: [
        {
          variantName: VARIANT,
          modelName: model.attrModelName,
          instanceType,
          initialInstanceCount: minInstances,
          initialVariantWeight: 1,
        },
      ],
    });
  }

  private createEndpoint(config: CfnEndpointConfig): CfnEndpoint {
    const { canary } = this.props.model.serving;
    return new CfnEndpoint(this, 'Resource', {
      endpointName: this.name,
      endpointConfigName: config.attrEndpointConfigName,
      retainAllVariantProperties: true,
      deploymentConfig: {
        blueGreenUpdatePolicy: {
          trafficRoutingConfiguration: {
            type: 'CANARY',
            canarySize: { type: 'CAPACITY_PERCENT', value: canary.sizePercent },
            waitIntervalInSeconds: seconds(canary.bake),
          },
          terminationWaitInSeconds: seconds(canary.terminationWait),
          maximumExecutionTimeoutInSeconds: seconds(canary.maxDuration),
        },
        autoRollbackConfiguration: {
          alarms: [{ alarmName: this.alarms.errors.alarmName }, { alarmName: this.alarms.latency.alarmName }],
        },
      },
    });
  }

  private createScaling(): void {
    const { minInstances, maxInstances, invocationsPerInstance } = this.fleet;
    const target = new CfnScalableTarget(this, 'ScalableTarget', {
      serviceNamespace: 'sagemaker',
      resourceId: `endpoint/${this.name}/variant/${VARIANT}`,
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      minCapacity: minInstances,
      maxCapacity: maxInstances,
    });
    target.addResourceDependency(this.endpoint);
    new CfnScalingPolicy(this, 'Scaling', {
      policyName: `${this.name}-invocations`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: invocationsPerInstance,
        predefinedMetricSpecification: { predefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
        scaleOutCooldown: COOLDOWN.out,
        scaleInCooldown: COOLDOWN.in,
      },
    });
  }
}
