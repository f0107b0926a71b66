import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { SourceStream } from '../data-lake/source-stream';
import { explainWildcards } from '../policy/wildcards';
import { DeadLetters, QUEUE_KEY_WILDCARDS } from '../shared/dead-letters';
import { PlatformFunction } from '../shared/platform-function';
import type { PlatformStage } from '../shared/platform-stage';
import { consume } from '../shared/stream-consumer';
import type { FeatureStore } from './feature-store';

export interface AggregationProps extends PlatformStage {
  readonly logKey: IKey;
  readonly features: FeatureStore;
  /** Stream of a source. */
  readonly stream: (source: string) => SourceStream;
}

/** Streams to features: one function for all sources that feed a group, a quarantine for records that do not fit their schema. */
export class Aggregation extends Construct {
  readonly function: PlatformFunction;
  readonly quarantine: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: AggregationProps) {
    super(scope, id);
    this.quarantine = new DeadLetters(this, 'Quarantine', { key: props.logKey, queueName: props.names.of('quarantine') }).queue;
    this.deadLetters = new DeadLetters(this, 'Failed', {
      key: props.logKey,
      queueName: props.names.of('aggregate-failed'),
    }).queue;
    this.function = new PlatformFunction(this, 'Function', {
      ...props,
      function: 'aggregate',
      description: 'Adds events to window tiles and puts feature records',
      timeout: Duration.minutes(1),
      memorySize: 1024,
      environment: { QUARANTINE_URL: this.quarantine.queueUrl },
    });
    props.features.grantWriteFeatures(this.function.function);
    this.quarantine.grantSendMessages(this.function.function);
    const fed = new Set(props.platform.featureGroups.map(({ source }) => source));
    explainWildcards(this.function, QUEUE_KEY_WILDCARDS);
    for (const source of fed) consume(props.stream(source).stream, this.function.function, this.deadLetters);
  }
}
