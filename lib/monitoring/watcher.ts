import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { SourceStream } from '../data-lake/source-stream';
import { explainWildcards } from '../policy/wildcards';
import { type ModelRegistry, PROFILE_WILDCARDS } from '../registry/model-registry';
import { QUEUE_KEY_WILDCARDS } from '../shared/dead-letters';
import { repeat } from '../shared/repeat';
import { consume } from '../shared/stream-consumer';
import { Worker, type WorkerProps } from '../shared/worker';
import type { ModelTables } from './model-tables';

export interface WatcherProps extends WorkerProps {
  /** Where profiles of versions are. */
  readonly registry: ModelRegistry;
  /** Where windows are counted. */
  readonly tables: ModelTables;
  /** The inference log. */
  readonly inference: SourceStream;
}

/** How soon after its end a window is published. */
const PUBLISH_EVERY = Duration.hours(1);

/** Counts predictions and outcomes, and publishes drift and quality when a window ends. */
export class Watcher extends Worker {
  constructor(scope: Construct, id: string, props: WatcherProps) {
    super(scope, id, props, {
      function: 'watch',
      description: 'Watches predictions and outcomes: drift, precision, calibration',
      timeout: Duration.minutes(1),
      memorySize: 1024,
      environment: { MODELS_BUCKET: props.registry.bucket.bucketName },
    });
    explainWildcards(this.platformFunction, [...QUEUE_KEY_WILDCARDS, ...PROFILE_WILDCARDS]);
    props.tables.grantMonitoring(this.function);
    props.tables.grantAppend(this.function);
    props.registry.grantReadProfiles(this.function);
    consume(props.inference.asConsumed(this, 'Inference'), this.function, this.deadLetters);
    repeat(this, 'Publish', {
      function: this.function,
      every: PUBLISH_EVERY,
      payload: { schedule: 'publish' },
      description: 'Publishes monitoring windows that have ended',
      deadLetters: this.deadLetters,
      key: props.logKey,
    });
  }
}
