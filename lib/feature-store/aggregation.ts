import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Platform } from '../../core/definition';
import type { SourceStream } from '../data-lake/source-stream';
import { explainWildcards } from '../policy/wildcards';
import { DeadLetters, QUEUE_KEY_WILDCARDS } from '../shared/dead-letters';
import { consume } from '../shared/stream-consumer';
import { Worker, type WorkerProps } from '../shared/worker';
import { FEATURE_GROUP_WILDCARDS, type FeatureStore } from './feature-store';

export interface AggregationProps extends WorkerProps {
  /** Feature groups and the sources that feed them. */
  readonly platform: Platform;
  /** Where tiles and records are written. */
  readonly features: FeatureStore;
  /** Stream of a source. */
  readonly stream: (source: string) => SourceStream;
}

/** Streams to features: one function for all sources that feed a group, a quarantine for records that do not fit their schema. */
export class Aggregation extends Worker {
  readonly quarantine: Queue;

  constructor(scope: Construct, id: string, props: AggregationProps) {
    super(scope, id, props, {
      function: 'aggregate',
      description: 'Adds events to window tiles and puts feature records',
      timeout: Duration.minutes(1),
      memorySize: 1024,
    });
    const quarantineName = props.names.of('quarantine');
    this.quarantine = new DeadLetters(this, 'Quarantine', { key: props.logKey, queueName: quarantineName }).queue;
    this.function.addEnvironment('QUARANTINE_URL', this.quarantine.queueUrl);
    props.features.grantWriteFeatures(this.function);
    this.quarantine.grantSendMessages(this.function);
    explainWildcards(this.platformFunction, [...QUEUE_KEY_WILDCARDS, ...FEATURE_GROUP_WILDCARDS]);
    const fed = new Set(props.platform.featureGroups.map(({ source }) => source));
    for (const source of fed) consume(props.stream(source).asConsumed(this, `Stream-${source}`), this.function, this.deadLetters);
  }
}
