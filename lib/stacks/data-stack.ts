import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Platform, Stage } from '../../core/definition';
import { INFERENCE, type Names } from '../../core/naming';
import { Lake } from '../data-lake/lake';
import { SourceStream } from '../data-lake/source-stream';
import { FeatureStore } from '../feature-store/feature-store';
import type { DataKeys } from '../foundation/data-keys';

/** What the stack is made from. */
export interface DataContext {
  /** Sources and feature groups. */
  readonly platform: Platform;
  /** Capacity of streams, retention and removal. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Keys of the data classes. */
  readonly keys: DataKeys;
}

/** Streams, lake and feature store: the stateful side of the data. */
export class DataStack extends Stack {
  readonly lake: Lake;
  readonly features: FeatureStore;
  /** By source name, and the inference stream. */
  readonly streams = new Map<string, SourceStream>();

  constructor(scope: Construct, id: string, context: DataContext, props: StackProps) {
    super(scope, id, props);
    const { platform, stage, names, keys } = context;
    this.lake = new Lake(this, 'Lake', { platform, stage, names, key: keys.lake, logKey: keys.logs });
    const { accessLogs } = this.lake;
    this.features = new FeatureStore(this, 'Features', { platform, stage, names, key: keys.features, accessLogs });
    for (const source of [...platform.sources.map(({ name }) => name), INFERENCE]) {
      const table = this.lake.tables.get(source);
      if (table === undefined) throw new Error(`the lake has no table for ${source}`);
      const stream = new SourceStream(this, `Stream-${source}`, { stage, names, source, key: keys.lake, lake: this.lake, table });
      this.streams.set(source, stream);
    }
  }

  /** The stream of a source, or of the inference log. Throws for a name without one. */
  stream(source: string): SourceStream {
    const stream = this.streams.get(source);
    if (stream === undefined) throw new Error(`no stream for source ${source}`);
    return stream;
  }
}
