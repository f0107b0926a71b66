import { CfnDynamicReference, CfnDynamicReferenceService, Stack } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { type Model, type Serving, type Stage, seconds } from '../../core/definition';
import { volumeKeyOf } from '../../core/instance-types';
import { type Names, VARIANT } from '../../core/naming';
import { grantContainer, grantKeyToService, RUN_PREFIX, sagemakerPrincipal } from '../containers/container-role';
import { type FrameworkImage, frameworkImage } from '../containers/framework-image';
import type { Network } from '../foundation/network';
import { explainWildcards } from '../policy/wildcards';
import { EndpointAlarms } from './endpoint-alarms';

export interface ModelEndpointProps {
  /** What is served. */
  readonly model: Model;
  /** Whose fleet is deployed. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Bucket of artefacts. */
  readonly bucket: Bucket;
  /** Key of the models' data class. */
  readonly key: IKey;
  /** Who hears of failing invocations and of a slow model. */
  readonly onCall: IAlarmAction;
  /**
   * Network of the model servers.
   *
   * @default - none: the service's own network
   */
  readonly network?: Network | undefined;
}

/** Seconds between scaling steps; in is slower than out, so that a lull does not shed capacity that is needed again. */
const COOLDOWN = { out: 60, in: 300 } as const;

/**
 * The endpoint of one model as native CloudFormation. The champion is resolved from its pointer when a stack is deployed, so an update
 * never brings an old model back; between deployments the `promote` function alone changes what is served.
 */
export class ModelEndpoint extends Construct {
  readonly alarms: EndpointAlarms;
  private readonly name: string;
  private readonly image: FrameworkImage;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ModelEndpointProps,
  ) {
    super(scope, id);
    const { model, names, onCall } = props;
    this.name = names.endpoint(model.name);
    this.image = frameworkImage(Stack.of(this), model.training.algorithm);
    this.alarms = new EndpointAlarms(this, 'Alarms', { model, names, onCall });
    const role = this.createRole();
    const config = this.createConfig(this.createModel(role));
    this.createScaling(this.createEndpoint(config));
  }

  private get fleet(): Serving['fleet'][string] {
    const { model, stage } = this.props;
    const fleet = model.serving.fleet[stage.name];
    if (fleet === undefined) throw new Error(`models.${model.name}.serving.fleet: lacks stage '${stage.name}'`);
    return fleet;
  }

  private createRole(): Role {
    const { bucket, key, model, names, network } = this.props;
    const role = new Role(this, 'Role', {
      // By rule: promote passes it without being told.
      roleName: names.servingRole(model.name),
      assumedBy: sagemakerPrincipal(),
      description: `Model servers of ${model.name}`,
    });
    const allow = (actions: string[], resources: string[]): void => {
      role.addToPolicy(new PolicyStatement({ actions, resources }));
    };
    allow(['s3:GetObject'], [bucket.arnForObjects(`${model.name}/*`)]);
    allow(['s3:ListBucket'], [bucket.bucketArn]);
    allow(['kms:Decrypt', 'kms:DescribeKey'], [key.keyArn]);
    grantKeyToService(role, key.keyArn);
    allow(['cloudwatch:DescribeAlarms'], [this.alarms.errors.alarmArn, this.alarms.latency.alarmArn]);
    explainWildcards(role, [{ pattern: RUN_PREFIX, reason: "Artefacts of versions lie below the model's own prefix." }]);
    grantContainer(role, {
      repositoryArn: this.image.repositoryArn,
      logGroups: [`/aws/sagemaker/Endpoints/${this.name}`],
      metricNamespace: '/aws/sagemaker/Endpoints',
      network,
    });
    return role;
  }

  private createModel(role: Role): CfnModel {
    const { model, names, network } = this.props;
    const parameter = (name: string): string => new CfnDynamicReference(CfnDynamicReferenceService.SSM, name).toString();
    const placement = network?.placement;
    const resource = new CfnModel(this, 'Model', {
      executionRoleArn: role.roleArn,
      primaryContainer: {
        image: this.image.uri,
        modelDataUrl: parameter(names.championUrlParameter(model.name)),
        environment: {
          SAGEMAKER_PROGRAM: 'inference.py',
          SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code',
          MODEL_VERSION: parameter(names.championVersionParameter(model.name)),
        },
      },
      ...(placement === undefined
        ? {}
        : { vpcConfig: { subnets: placement.subnets, securityGroupIds: placement.securityGroups } }),
    });
    const policy = role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) resource.node.addDependency(policy);
    return resource;
  }

  private createConfig(model: CfnModel): CfnEndpointConfig {
    const { instanceType, minInstances } = this.fleet;
    const kmsKeyId = volumeKeyOf(instanceType, this.props.key.keyArn);
    return new CfnEndpointConfig(this, 'Config', {
      ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
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

  private createScaling(endpoint: CfnEndpoint): void {
    const { minInstances, maxInstances, invocationsPerInstance } = this.fleet;
    const target = new CfnScalableTarget(this, 'ScalableTarget', {
      serviceNamespace: 'sagemaker',
      resourceId: `endpoint/${this.name}/variant/${VARIANT}`,
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      minCapacity: minInstances,
      maxCapacity: maxInstances,
    });
    target.addResourceDependency(endpoint);
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
