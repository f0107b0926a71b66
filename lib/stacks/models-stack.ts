import { Stack, type StackProps } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import type { AlgorithmName } from '../../core/algorithms';
import { ModelTables } from '../monitoring/model-tables';
import { ModelRegistry } from '../registry/model-registry';
import type { PlatformStage } from '../shared/platform-stage';
import { TrainingPipeline } from '../training/training-pipeline';
import type { DataStack } from './data-stack';
import type { FoundationStack } from './foundation-stack';

/** Registry, champion pointers and training pipelines. */
export class ModelsStack extends Stack {
  readonly tables: ModelTables;
  readonly registry: ModelRegistry;
  readonly pipelines = new Map<string, TrainingPipeline>();

  constructor(
    scope: Construct,
    id: string,
    context: PlatformStage & { readonly foundation: FoundationStack; readonly data: DataStack },
    props: StackProps,
  ) {
    super(scope, id, props);
    const { keys, network } = context.foundation;
    const { lake } = context.data;
    this.tables = new ModelTables(this, 'Tables', { ...context, key: keys.models });
    this.registry = new ModelRegistry(this, 'Registry', {
      ...context,
      tables: this.tables,
      key: keys.models,
      logKey: keys.logs,
      accessLogs: lake.accessLogs,
    });
    const sources = new Map<string, Asset>();
    const sourceOf = (algorithm: AlgorithmName): Asset => {
      const known =
        sources.get(algorithm) ?? new Asset(this, `Source-${algorithm}`, { path: context.artefacts.source(algorithm) });
      sources.set(algorithm, known);
      return known;
    };
    for (const model of context.platform.models) {
      const pipeline = new TrainingPipeline(this, `Pipeline-${model.name}`, {
        ...context,
        model,
        lake,
        bucket: this.registry.bucket,
        key: keys.models,
        lakeKey: keys.lake,
        source: sourceOf(model.training.algorithm),
        ...(network === undefined ? {} : { network }),
      });
      this.pipelines.set(model.name, pipeline);
    }
  }
}
