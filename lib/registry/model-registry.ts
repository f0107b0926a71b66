import { Aws, CustomResource, Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnModelPackageGroup } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import type { Model } from '../../core/definition';
import type { ModelTables } from '../monitoring/model-tables';
import { explainWildcards } from '../policy/wildcards';
import { ASSET_READ_WILDCARDS } from '../shared/asset-wildcards';
import { PlatformFunction } from '../shared/platform-function';
import { type PlatformStage, statefulRemoval } from '../shared/platform-stage';
import { SecureBucket } from '../shared/secure-bucket';

export interface ModelRegistryProps extends PlatformStage {
  /** Key of the models' data class. */
  readonly key: IKey;
  readonly logKey: IKey;
  readonly accessLogs: Bucket;
  /** Ledger of the models. */
  readonly tables: ModelTables;
}

/**
 * Artefacts, package groups and champion pointers. The pointer is set to the day-0 baseline only where there is none, so a deployment
 * never takes a champion back.
 */
export class ModelRegistry extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: ModelRegistryProps) {
    super(scope, id);
    this.bucket = new SecureBucket(this, 'Artefacts', {
      key: props.key,
      removal: statefulRemoval(props.stage),
      accessLogs: props.accessLogs,
    }).bucket;
    const seed = this.createSeed(props);
    for (const model of props.platform.models) {
      this.createPackageGroup(props, model);
      this.seedChampion(props, model, seed);
    }
  }

  private createPackageGroup(props: ModelRegistryProps, model: Model): void {
    const group = new CfnModelPackageGroup(this, `Packages-${model.name}`, {
      modelPackageGroupName: props.names.packageGroup(model.name),
      modelPackageGroupDescription: model.description,
    });
    group.applyRemovalPolicy(statefulRemoval(props.stage));
  }

  private createSeed(props: ModelRegistryProps): PlatformFunction {
    const seed = new PlatformFunction(this, 'Seed', {
      ...props,
      function: 'seed-champion',
      description: 'Sets the champion pointer of a new model to its day-0 baseline',
      timeout: Duration.minutes(1),
      environment: { MODELS_BUCKET: this.bucket.bucketName },
    });
    const parameters = props.platform.models.flatMap((model) => [
      props.names.championParameter(model.name),
      `${props.names.championParameter(model.name)}/*`,
    ]);
    seed.allow(
      ['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameters'],
      parameters.map((name) => `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:parameter${name}`),
    );
    props.tables.grantAppend(seed.function);
    seed.allow(['s3:PutObject'], [this.bucket.arnForObjects('*/v0/*')]);
    seed.allow(['kms:GenerateDataKey', 'kms:Decrypt'], [props.key.keyArn]);
    explainWildcards(seed, [
      { pattern: /\/champion\/\*$/, reason: 'The parts of a champion pointer lie below its own name.' },
      { pattern: /\/v0\/\*$/, reason: 'Day-0 artefacts are named by their digest.' },
      ...ASSET_READ_WILDCARDS,
    ]);
    return seed;
  }

  private seedChampion(props: ModelRegistryProps, model: Model, seed: PlatformFunction): void {
    const baseline = props.artefacts.baseline(model.name);
    const asset = new Asset(this, `Baseline-${model.name}`, { path: baseline.path });
    asset.grantRead(seed.function);
    const resource = new CustomResource(this, `Champion-${model.name}`, {
      resourceType: 'Custom::Champion',
      serviceToken: seed.function.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: {
        Model: model.name,
        BaselineBucket: asset.s3BucketName,
        BaselineKey: asset.s3ObjectKey,
        BaselineDigest: baseline.digest,
        Removal: props.stage.removal,
      },
    });
    const policy = seed.function.role?.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) resource.node.addDependency(policy);
  }
}
