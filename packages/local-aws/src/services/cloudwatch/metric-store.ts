import { createHash, randomUUID } from 'node:crypto';
import type { Cloud } from '../../cloud';
import type { Table } from '../../storage/storage';
import { Distribution } from './distribution';

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

interface MetricRecord extends MetricIdentity {
  readonly id: string;
}

/** What one datum of PutMetricData brought for one minute (or second, if of high resolution). */
export interface Chunk {
  readonly unit: string;
  readonly values?: readonly number[];
  /** Absent: each value once. */
  readonly counts?: readonly number[];
  readonly set?: { readonly count: number; readonly sum: number; readonly min: number; readonly max: number };
}

const RETENTION_MS = 455 * 86_400_000;
const MINUTE_MS = 60_000;

/** Identity of a metric as a key: namespace, name and the exact set of dimensions, in any order. */
export function metricId({ namespace, name, dimensions }: MetricIdentity): string {
  const pairs = dimensions.map(({ Name, Value }) => [Name, Value]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([namespace, name, pairs]))
    .digest('hex')
    .slice(0, 32);
}

/** Metrics and their data, appended as they come: a put costs O(log n), a period is summed up when it is read. */
export class MetricStore {
  private readonly metrics: Table<MetricRecord>;
  private readonly data: Table<Chunk>;
  private readonly known = new Set<string>();
  private readonly run = randomUUID().slice(0, 8);
  private sequence = 0;

  constructor(cloud: Cloud) {
    this.metrics = cloud.storage.table('cloudwatch/metrics');
    this.data = cloud.storage.table('cloudwatch/data');
  }

  /** Adds a chunk at `at` (epoch ms; cut to its minute or second); call within a transaction. Returns the key of the metric. */
  add(identity: MetricIdentity, at: number, highResolution: boolean, chunk: Chunk): string {
    const id = metricId(identity);
    if (!this.known.has(id)) {
      void this.metrics.put([identity.namespace, identity.name, id], { ...identity, id });
      this.known.add(id);
    }
    const step = highResolution ? 1000 : MINUTE_MS;
    this.sequence += 1;
    void this.data.put([id, Math.floor(at / step) * step, this.run, this.sequence], chunk);
    return id;
  }

  /** Sums up what a metric got from `start` to before `end`, in groups that `groupOf` names by time (undefined: left out). */
  read(
    id: string,
    start: number,
    end: number,
    unit: string | undefined,
    groupOf: (at: number) => number | undefined,
  ): { groups: Map<number, Distribution>; times: number[] } {
    const groups = new Map<number, Distribution>();
    const times: number[] = [];
    for (const { key, value } of this.data.entries({ start: [id, start], end: [id, end] })) {
      const at = Number((key as (string | number)[])[1]);
      if (unit !== undefined && value.unit !== unit) continue;
      if (times.at(-1) !== at) times.push(at);
      const group = groupOf(at);
      if (group === undefined) continue;
      const distribution = groups.get(group) ?? new Distribution();
      groups.set(group, distribution);
      distribution.unit ??= value.unit;
      value.values?.forEach((number, index) => void distribution.add(number, value.counts?.[index] ?? 1));
      if (value.set !== undefined) distribution.addSet(value.set.count, value.set.sum, value.set.min, value.set.max);
    }
    return { groups, times };
  }

  /** Metrics of a namespace and name (both optional), in order. */
  list(namespace: string | undefined, name: string | undefined): MetricIdentity[] {
    const prefix = namespace === undefined ? [] : name === undefined ? [namespace] : [namespace, name];
    const found = prefix.length === 0 ? this.metrics.entries() : this.metrics.under(prefix);
    return [...found].map(({ value }) => value).filter((metric) => name === undefined || metric.name === name);
  }

  /** Takes away what is older than CloudWatch keeps. */
  async expire(now: number): Promise<void> {
    for (const metric of this.metrics.entries()) {
      const { id } = metric.value;
      for (const { key } of [...this.data.entries({ start: [id, 0], end: [id, now - RETENTION_MS] })])
        await this.data.remove(key);
    }
  }
}
