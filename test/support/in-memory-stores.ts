import type { Model } from '../../core/definition';
import { emptyWindow } from '../../core/monitoring';
import type { Champion } from '../../core/promotion';
import type { Lease, LedgerEntry } from '../../core/retraining';
import type { PageKey, TilePage } from '../../core/windows';
import type { Champions } from '../../lambda/adapters/champions';
import type { ModelHistory, ModelRun, Rollout } from '../../lambda/adapters/model-history';
import type { TilePages } from '../../lambda/adapters/tile-pages';
import type { StoredWindow, WaitingPrediction, WindowTable } from '../../lambda/adapters/window-table';
import type { Log, MetricDatum, MetricSink } from '../../lambda/runtime/observability';

// The stores of the functions in memory, with the same rules as the adapters: conditional writes, entries once per id.

export class MemoryHistory implements ModelHistory {
  readonly entries = new Map<string, LedgerEntry>();
  private held: Lease | undefined;
  private readonly ran = new Map<number, ModelRun>();
  private current: Rollout | undefined;

  async append(entry: LedgerEntry, id: string): Promise<void> {
    if (!this.entries.has(id)) this.entries.set(id, entry);
  }
  async lease(): Promise<Lease | undefined> {
    return this.held;
  }
  async putLease(_: string, lease: Lease, before: Lease | undefined): Promise<boolean> {
    if (JSON.stringify(this.held) !== JSON.stringify(before)) return false;
    this.held = lease;
    return true;
  }
  async runs(): Promise<ModelRun[]> {
    return [...this.ran.values()];
  }
  async putRun(_: string, run: ModelRun): Promise<void> {
    this.ran.set(run.startedAt, run);
  }
  async rollout(): Promise<Rollout | undefined> {
    return this.current;
  }
  async putRollout(_: string, rollout: Rollout): Promise<void> {
    this.current = rollout;
  }
  async removeRollout(): Promise<void> {
    this.current = undefined;
  }

  events(): string[] {
    return [...this.entries.values()].map(({ event }) => event);
  }
}

export class MemoryChampions implements Champions {
  frozen = false;
  readonly pointers = new Map<string, Champion>();

  async get(model: string): Promise<Champion | undefined> {
    return this.pointers.get(model);
  }
  async put(model: string, champion: Champion): Promise<void> {
    this.pointers.set(model, champion);
  }
  async remove(model: string): Promise<void> {
    this.pointers.delete(model);
  }
  async isFrozen(): Promise<boolean> {
    return this.frozen;
  }
}

export class MemoryWindows implements WindowTable {
  readonly windows = new Map<string, StoredWindow>();
  private readonly kept = new Map<string, WaitingPrediction>();

  async window(model: Model, version: string, start: number): Promise<StoredWindow> {
    return (
      this.windows.get(`${start}#${version}`) ?? { state: emptyWindow(model, version, start), itemVersion: 0, published: false }
    );
  }
  async windowsSince(_: Model, start: number): Promise<StoredWindow[]> {
    return [...this.windows.values()].filter(({ state }) => state.start >= start);
  }
  async putWindow(window: StoredWindow): Promise<boolean> {
    const key = `${window.state.start}#${window.state.version}`;
    if ((this.windows.get(key)?.itemVersion ?? 0) !== window.itemVersion) return false;
    this.windows.set(key, { ...window, itemVersion: window.itemVersion + 1 });
    return true;
  }
  async putPredictions(predictions: readonly WaitingPrediction[]): Promise<void> {
    for (const prediction of predictions) this.kept.set(prediction.id, prediction);
  }
  async predictions(ids: readonly string[]): Promise<ReadonlyMap<string, WaitingPrediction>> {
    return new Map(ids.flatMap((id) => (this.kept.has(id) ? [[id, this.kept.get(id) as WaitingPrediction] as const] : [])));
  }
}

export class MemoryPages implements TilePages {
  readonly pages = new Map<string, TilePage>();
  /** Runs before the next write, to play another writer. */
  before: (() => void) | undefined;

  async get(keys: readonly PageKey[]): Promise<TilePage[]> {
    return keys.flatMap(({ key, page }) => this.pages.get(`${key}/${page}`) ?? []);
  }
  async put(pages: readonly TilePage[]): Promise<boolean> {
    const interfere = this.before;
    this.before = undefined;
    interfere?.();
    const stale = pages.some((page) => (this.pages.get(`${page.key}/${page.page}`)?.version ?? 0) !== page.version - 1);
    if (stale) return false;
    for (const page of pages) this.pages.set(`${page.key}/${page.page}`, page);
    return true;
  }
}

export class MemoryMetrics implements MetricSink {
  readonly data: MetricDatum[] = [];
  put(datum: MetricDatum): void {
    this.data.push(datum);
  }
}

export const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
