import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { SourceStream } from '../data-lake/source-stream';
import { explainWildcards } from '../policy/wildcards';
import { DeadLetters, QUEUE_KEY_WILDCARDS } from '../shared/dead-letters';
import { PlatformFunction } from '../shared/platform-function';
import type { PlatformStage } from '../shared/platform-stage';
import { repeat } from '../shared/repeat';
import { consume } from '../shared/stream-consumer';
import type { ModelTables } from './model-tables';

export interface WatcherProps extends PlatformStage {
  readonly logKey: IKey;
  /** Key of the models' data class. */
  readonly modelsKey: IKey;
  /** Bucket of artefacts and profiles. */
  readonly bucket: Bucket;
  readonly tables: ModelTables;
  /** The inference log. */
  readonly inference: SourceStream;
}

/** How soon after its end a window is published. */
const PUBLISH_EVERY = Duration.hours(1);

/** Counts predictions and outcomes, and publishes drift and quality when a window ends. */
export class Watcher extends Construct {
  readonly function: PlatformFunction;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: WatcherProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'Failed', { key: props.logKey, queueName: props.names.of('watch-failed') }).queue;
    this.function = new PlatformFunction(this, 'Function', {
      ...props,
      function: 'watch',
      description: 'Watches predictions and outcomes: drift, precision, calibration',
      timeout: Duration.minutes(1),
      memorySize: 1024,
      environment: { MODELS_BUCKET: props.bucket.bucketName },
    });
    explainWildcards(this.function, [
      ...QUEUE_KEY_WILDCARDS,
      {
        pattern: /^Resource::.*\/profiles\/\*$/,
        reason: 'Profiles of versions appear while it runs; the prefix holds nothing else.',
      },
    ]);
    props.tables.grantMonitoring(this.function.function);
    props.tables.grantAppend(this.function.function);
    const profiles = props.platform.models.map(({ name }) => props.bucket.arnForObjects(`${name}/profiles/*`));
    this.function.allow(['s3:GetObject'], profiles);
    this.function.allow(['s3:ListBucket'], [props.bucket.bucketArn]);
    this.function.allow(['kms:Decrypt'], [props.modelsKey.keyArn]);
    consume(props.inference.stream, this.function.function, this.deadLetters);
    repeat(this, 'Publish', {
      function: this.function.function,
      every: PUBLISH_EVERY,
      payload: { schedule: 'publish' },
      description: 'Publishes monitoring windows that have ended',
      deadLetters: this.deadLetters,
      key: props.logKey,
    });
  }
}
