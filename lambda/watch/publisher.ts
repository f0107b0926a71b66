import { type Model, milliseconds, type Platform } from '../../core/definition';
import { type ReferenceProfile, STATISTIC_NAMES, STATISTICS } from '../../core/drift';
import { groupBy } from '../../core/group-by';
import { METRICS, modelDimensions } from '../../core/metrics';
import { labelled, type WindowReport, windowReport } from '../../core/monitoring';
import { taskOf } from '../../core/tasks';
import type { ModelHistory } from '../adapters/model-history';
import type { StoredWindow, WindowTable } from '../adapters/window-table';
import type { MetricSink } from '../runtime/observability';

export interface PublisherDependencies {
  readonly platform: Platform;
  readonly stage: { readonly name: string };
  readonly table: WindowTable;
  readonly history: Pick<ModelHistory, 'append'>;
  readonly profile: (model: string, version: string) => Promise<ReferenceProfile | undefined>;
  readonly metrics: MetricSink;
  readonly now: () => number;
}

/** Windows that ended longer ago are not published any more: their alarm would speak of the past. */
const LATEST_DAYS = 8;
const DAY_MS = 86_400_000;

/** Publishes the metrics of windows that have ended, once per window. */
export class Publisher {
  constructor(private readonly dependencies: PublisherDependencies) {}

  async publish(): Promise<void> {
    for (const model of this.dependencies.platform.models) await this.publishModel(model);
  }

  private async publishModel(model: Model): Promise<void> {
    const now = this.dependencies.now();
    const width = milliseconds(model.monitoring.window);
    const windows = await this.dependencies.table.windowsSince(model, now - LATEST_DAYS * DAY_MS);
    const ended = windows.filter(({ state, published }) => !published && state.start + width <= now);
    for (const [, versions] of groupBy(ended, ({ state }) => state.start)) {
      // During a roll-out two versions share a window; the metrics speak of the one that served most.
      const main = versions.toSorted((a, b) => weight(model, b) - weight(model, a))[0];
      if (main !== undefined) await this.emit(model, main);
      for (const window of versions) await this.dependencies.table.putWindow({ ...window, published: true });
    }
  }

  private async emit(model: Model, { state }: StoredWindow): Promise<void> {
    const { stage, metrics, history, now } = this.dependencies;
    const report = windowReport(model, state, await this.dependencies.profile(model.name, state.version));
    const put = (name: string, value: number, unit: 'None' | 'Count' = 'None', feature?: string): void =>
      metrics.put({ name, value, unit, dimensions: modelDimensions(stage.name, model.name, feature) });
    put(METRICS.predictions, report.predictions, 'Count');
    put(METRICS.outcomes, report.outcomes, 'Count');
    if (report.driftRatio !== undefined) put(METRICS.driftRatio, report.driftRatio);
    for (const [input, statistics] of Object.entries(report.drift)) {
      for (const statistic of STATISTIC_NAMES) put(STATISTICS[statistic].metric, statistics[statistic], 'None', input);
    }
    const { metrics: known } = taskOf(model);
    for (const [metric, value] of Object.entries(report.quality)) {
      const name = known[metric]?.live;
      if (name !== undefined) put(name, value);
    }
    if (report.drifted.length === 0) return;
    const entry = {
      model: model.name,
      at: new Date(now()).toISOString(),
      event: 'drift-detected' as const,
      version: state.version,
      reason: reasonOf(report),
      metrics: { ...report.quality, ...(report.driftRatio === undefined ? {} : { driftRatio: report.driftRatio }) },
    };
    await history.append(entry, `drift-${new Date(state.start).toISOString()}-${state.version}`);
  }
}

function weight(model: Model, { state }: StoredWindow): number {
  return state.predictions + labelled(model, state);
}

function reasonOf({ drifted }: WindowReport): string {
  return drifted
    .map(
      ({ input, breaches }) =>
        `${input}: ${breaches.map(({ statistic, value, limit }) => `${statistic} ${value.toFixed(2)} > ${limit}`).join(', ')}`,
    )
    .join('; ');
}
