import { Stack, type StackProps } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import type { AlgorithmName } from '../../core/algorithms';
import { ModelTables } from '../monitoring/model-tables';
import { ModelRegistry } from '../registry/model-registry';
import type { PlatformStage } from '../shared/platform-stage';
import { TrainingPipeline } from '../training/training-pipeline';
import { TrainingPipelines } from '../training/training-pipelines';
import type { DataStack } from './data-stack';
import type { FoundationStack } from './foundation-stack';

/** The stacks that this one builds on. */
export interface ModelsContext extends PlatformStage {
  /** Keys and network. */
  readonly foundation: FoundationStack;
  /** Lake that training reads. */
  readonly data: DataStack;
}

/** Registry, champion pointers and training pipelines. */
export class ModelsStack extends Stack {
  readonly tables: ModelTables;
  readonly registry: ModelRegistry;
  readonly pipelines: TrainingPipelines;
  private readonly sources = new Map<AlgorithmName, Asset>();

  constructor(
    scope: Construct,
    id: string,
    private readonly context: ModelsContext,
    props: StackProps,
  ) {
    super(scope, id, props);
    const { platform, stage, names, artefacts, foundation, data } = context;
    const { keys, network } = foundation;
    const { lake } = data;
    this.tables = new ModelTables(this, 'Tables', { stage, names, key: keys.models });
    this.registry = new ModelRegistry(this, 'Registry', {
      platform,
      stage,
      names,
      artefacts,
      key: keys.models,
      logKey: keys.logs,
      accessLogs: lake.accessLogs,
      tables: this.tables,
    });
    const { bucket } = this.registry;
    for (const model of platform.models) {
      const source = this.sourceOf(model.training.algorithm);
      const settings = { platform, model, stage, names, lake, bucket, key: keys.models, source, network };
      new TrainingPipeline(this, `Pipeline-${model.name}`, settings);
    }
    this.pipelines = new TrainingPipelines(names);
  }

  /** Packed sources of an algorithm, uploaded once for all its models. */
  private sourceOf(algorithm: AlgorithmName): Asset {
    const known = this.sources.get(algorithm);
    const asset = known ?? new Asset(this, `Source-${algorithm}`, { path: this.context.artefacts.source(algorithm) });
    this.sources.set(algorithm, asset);
    return asset;
  }
}
