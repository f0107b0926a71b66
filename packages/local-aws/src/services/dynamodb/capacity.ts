import type { MinuteMetrics } from '../../metering/minute-metrics';
import { type Item, itemSize } from './values';

export type CapacityWish = 'INDEXES' | 'TOTAL' | 'NONE' | undefined;

const WRITE_BYTES = 1024;
const READ_BYTES = 4096;

export function writeUnits(before: Item | undefined, after: Item | undefined, factor = 1): number {
  const size = Math.max(before === undefined ? 0 : itemSize(before), after === undefined ? 0 : itemSize(after), 1);
  return Math.ceil(size / WRITE_BYTES) * factor;
}

/** Units of a read of `bytes`: 0.5 per 4 KB eventually, 1 strongly consistent, 2 in a transaction. */
export function readUnits(bytes: number, factor: 0.5 | 1 | 2): number {
  return Math.max(1, Math.ceil(bytes / READ_BYTES)) * factor;
}

/** Counts consumed capacity for CloudWatch, and for the answers that ask for it. */
export class Capacity {
  constructor(private readonly metrics: MinuteMetrics) {}

  count(kind: 'Read' | 'Write', TableName: string, units: number, wish: CapacityWish) {
    this.metrics.add(`Consumed${kind}CapacityUnits`, 'Count', units, { TableName }, TableName);
    return wish === undefined || wish === 'NONE' ? {} : { ConsumedCapacity: { TableName, CapacityUnits: units } };
  }

  /** For requests over several tables: units by table, answered as a list. */
  countAll(kind: 'Read' | 'Write', units: ReadonlyMap<string, number>, wish: CapacityWish) {
    const list = [...units].map(([table, sum]) => this.count(kind, table, sum, 'TOTAL').ConsumedCapacity);
    return wish === undefined || wish === 'NONE' ? {} : { ConsumedCapacity: list };
  }
}
