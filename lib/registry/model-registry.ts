import { CustomResource, Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnModelPackageGroup } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import type { Model, Platform, Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import type { ModelTables } from '../monitoring/model-tables';
import { explainWildcards, type WildcardExplanation } from '../policy/wildcards';
import { arnOf } from '../shared/arns';
import type { Artefacts } from '../shared/artefacts';
import { ASSET_READ_WILDCARDS } from '../shared/asset-wildcards';
import { PlatformFunction } from '../shared/platform-function';
import { statefulRemoval } from '../shared/platform-stage';
import { SecureBucket } from '../shared/secure-bucket';
import { ChampionPointers, POINTER_WILDCARDS } from './champion-pointers';

export interface ModelRegistryProps {
  /** Models, a package group and a pointer each. */
  readonly platform: Platform;
  /** Removal. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Day-0 artefacts and the bundle of the seed function. */
  readonly artefacts: Artefacts;
  /** Key of the models' data class. */
  readonly key: IKey;
  /** Key of log groups. */
  readonly logKey: IKey;
  /** Bucket that receives server access logs. */
  readonly accessLogs: Bucket;
  /** Ledger of the models. */
  readonly tables: ModelTables;
}

/** What explains the wildcards of reading profiles. */
export const PROFILE_WILDCARDS: readonly WildcardExplanation[] = [
  { pattern: /\/\*\/profiles\/\*$/, reason: 'Profiles of versions appear while it runs; the prefix holds nothing else.' },
];

/** What explains the wildcards of verifying packages. */
export const PACKAGE_WILDCARDS: readonly WildcardExplanation[] = [
  {
    pattern: /:model-package\/.*\*$/,
    reason: 'Versions are numbered by the registry while it runs; groups of the stage share a prefix.',
  },
  {
    pattern: /Artefacts.*\/\*$/,
    reason: 'Runs and versions of the models are named while it runs; the bucket holds nothing else.',
  },
];

/**
 * Artefacts, package groups and champion pointers. The pointer is set to the day-0 baseline only where there is none, so a deployment
 * never takes a champion back.
 */
export class ModelRegistry extends Construct {
  readonly bucket: Bucket;
  readonly pointers: ChampionPointers;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ModelRegistryProps,
  ) {
    super(scope, id);
    this.pointers = new ChampionPointers(props.names);
    this.bucket = new SecureBucket(this, 'Artefacts', {
      key: props.key,
      removal: statefulRemoval(props.stage),
      accessLogs: props.accessLogs,
    }).bucket;
    const seed = this.createSeed();
    for (const model of props.platform.models) {
      this.createPackageGroup(model);
      this.seedChampion(model, seed);
    }
  }

  /** Read the drift references of versions; a version without one is told apart from one that may not be read. */
  grantReadProfiles(grantee: IGrantable): void {
    this.grant(grantee, ['s3:GetObject'], this.bucket.arnForObjects('*/profiles/*'));
    this.grant(grantee, ['s3:ListBucket'], this.bucket.bucketArn);
    this.grant(grantee, ['kms:Decrypt'], this.props.key.keyArn);
  }

  /** Read packages with their artefacts and reports, and publish the drift references of versions. */
  grantRelease(grantee: IGrantable): void {
    this.grant(
      grantee,
      ['sagemaker:DescribeModelPackage'],
      arnOf('sagemaker', `model-package/${this.props.names.packageGroup('*')}/*`),
    );
    this.grant(grantee, ['s3:GetObject'], this.bucket.arnForObjects('*'));
    this.grant(grantee, ['s3:PutObject'], this.bucket.arnForObjects('*/profiles/*'));
    this.grant(grantee, ['s3:ListBucket'], this.bucket.bucketArn);
    this.grant(grantee, ['kms:Decrypt', 'kms:GenerateDataKey'], this.props.key.keyArn);
  }

  private grant(grantee: IGrantable, actions: string[], resource: string): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [resource] });
  }

  private createPackageGroup(model: Model): void {
    const group = new CfnModelPackageGroup(this, `Packages-${model.name}`, {
      modelPackageGroupName: this.props.names.packageGroup(model.name),
      modelPackageGroupDescription: model.description,
    });
    group.applyRemovalPolicy(statefulRemoval(this.props.stage));
  }

  private createSeed(): PlatformFunction {
    const { stage, names, artefacts, logKey, key, tables } = this.props;
    const seed = new PlatformFunction(this, 'Seed', {
      stage,
      names,
      artefacts,
      logKey,
      function: 'seed-champion',
      description: 'Sets the champion pointer of a new model to its day-0 baseline',
      timeout: Duration.minutes(1),
      environment: { MODELS_BUCKET: this.bucket.bucketName },
    });
    this.pointers.grantSeed(seed.function);
    tables.grantAppend(seed.function);
    this.grant(seed.function, ['s3:PutObject'], this.bucket.arnForObjects('*/v0/*'));
    this.grant(seed.function, ['kms:GenerateDataKey', 'kms:Decrypt'], key.keyArn);
    explainWildcards(seed, [
      ...POINTER_WILDCARDS,
      { pattern: /\/v0\/\*$/, reason: 'Day-0 artefacts are named by their digest.' },
      ...ASSET_READ_WILDCARDS,
    ]);
    return seed;
  }

  private seedChampion(model: Model, seed: PlatformFunction): void {
    const baseline = this.props.artefacts.baseline(model.name);
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
        Removal: this.props.stage.removal,
      },
    });
    const policy = seed.function.role?.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) resource.node.addDependency(policy);
  }
}
