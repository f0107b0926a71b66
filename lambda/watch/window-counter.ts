import { findModel, type Model, milliseconds, type Platform } from '../../core/definition';
import type { ReferenceProfile } from '../../core/drift';
import { groupBy } from '../../core/group-by';
import {
  addOutcomes,
  addPredictions,
  type ObservedOutcome,
  type ObservedPrediction,
  type WindowState,
  windowStart,
} from '../../core/monitoring';
import type { InferenceEntry, OutcomeEntry, PredictionEntry } from '../../core/serving';
import { taskOf } from '../../core/tasks';
import type { WaitingPrediction, WindowTable } from '../adapters/window-table';

export interface WindowCounterDependencies {
  readonly platform: Platform;
  readonly table: WindowTable;
  /** Drift reference of a version; undefined for versions without one, such as the day-0 baseline. */
  readonly profile: (model: string, version: string) => Promise<ReferenceProfile | undefined>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface StreamedEntry {
  readonly shard: string;
  readonly sequence: string;
  readonly entry: InferenceEntry;
}

type Streamed<R> = StreamedEntry & { readonly entry: R };

const ATTEMPTS = 5;

/**
 * Counts predictions and joined outcomes into their windows. An entry's position in the stream is kept in the window, so a batch that
 * comes twice counts once; an outcome that is sent twice for one prediction counts once too.
 */
export class WindowCounter {
  constructor(private readonly dependencies: WindowCounterDependencies) {}

  async add(batch: readonly StreamedEntry[]): Promise<void> {
    for (const [name, entries] of groupBy(batch, ({ entry }) => entry.model)) {
      const model = findModel(this.dependencies.platform, name);
      if (model === undefined) continue;
      const predictions = entries.filter((it): it is Streamed<PredictionEntry> => it.entry.type === 'prediction');
      const outcomes = entries.filter((it): it is Streamed<OutcomeEntry> => it.entry.type === 'outcome');
      await this.countPredictions(model, predictions);
      await this.countOutcomes(model, outcomes);
    }
  }

  private async countPredictions(model: Model, entries: readonly Streamed<PredictionEntry>[]): Promise<void> {
    if (entries.length === 0) return;
    const known = await this.dependencies.table.predictions(entries.map(({ entry }) => entry.prediction_id));
    const news = entries.filter(({ entry }) => !known.has(entry.prediction_id)).map(({ entry }) => waiting(model, entry));
    await this.dependencies.table.putPredictions(news, this.expiry(model));
    for (const [version, own] of groupBy(entries, ({ entry }) => entry.model_version)) {
      const profile = await this.dependencies.profile(model.name, version);
      for (const [start, inside] of groupBy(own, ({ entry }) => windowStart(model, Date.parse(entry.occurred_at))))
        await this.change(model, version, start, (state) =>
          addPredictions(
            model,
            state,
            profile,
            inside.map((it) => observedPrediction(model, it)),
          ),
        );
    }
  }

  private async countOutcomes(model: Model, entries: readonly Streamed<OutcomeEntry>[]): Promise<void> {
    if (entries.length === 0) return;
    const predictions = await this.dependencies.table.predictions(entries.map(({ entry }) => entry.prediction_id));
    const joined = joinOnce(entries, predictions);
    for (const [version, own] of groupBy(joined, ({ prediction }) => prediction.version)) {
      for (const [start, inside] of groupBy(own, ({ streamed }) => windowStart(model, Date.parse(streamed.entry.occurred_at))))
        await this.change(model, version, start, (state) => addOutcomes(model, state, inside.map(observedOutcome)));
    }
    // After the windows: a crash in between leaves predictions unjoined, and the retry is recognised by its position.
    const marked = joined.map(({ prediction, streamed }) => ({ ...prediction, joinedBy: positionOf(streamed) }));
    await this.dependencies.table.putPredictions(marked, this.expiry(model));
  }

  private async change(model: Model, version: string, start: number, next: (state: WindowState) => WindowState): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const window = await this.dependencies.table.window(model, version, start);
      const state = next(window.state);
      if (state === window.state || (await this.dependencies.table.putWindow({ ...window, state }))) return;
    }
    throw new Error(
      `the window ${new Date(start).toISOString()} of ${model.name} was changed by others ${ATTEMPTS} times in a row`,
    );
  }

  private expiry(model: Model): number {
    return Math.ceil((this.dependencies.now() + milliseconds(model.monitoring.outcomesWithin)) / 1000);
  }
}

interface Joined {
  readonly streamed: Streamed<OutcomeEntry>;
  readonly prediction: WaitingPrediction;
}

/** Outcomes with their predictions; of several outcomes of one prediction only the first, also across batches. */
function joinOnce(entries: readonly Streamed<OutcomeEntry>[], predictions: ReadonlyMap<string, WaitingPrediction>): Joined[] {
  const seen = new Set<string>();
  return entries.flatMap((streamed) => {
    const prediction = predictions.get(streamed.entry.prediction_id);
    if (prediction === undefined || seen.has(prediction.id)) return [];
    if (prediction.joinedBy !== '' && prediction.joinedBy !== positionOf(streamed)) return [];
    seen.add(prediction.id);
    return [{ streamed, prediction }];
  });
}

function positionOf({ shard, sequence }: StreamedEntry): string {
  return `${shard}/${sequence}`;
}

function waiting(model: Model, entry: PredictionEntry): WaitingPrediction {
  return {
    id: entry.prediction_id,
    version: entry.model_version,
    prediction: taskOf(model).fromLog(entry),
    joinedBy: '',
  };
}

function observedPrediction(model: Model, { shard, sequence, entry }: Streamed<PredictionEntry>): ObservedPrediction {
  const inputs = JSON.parse(entry.inputs) as Record<string, unknown>;
  return { shard, sequence, inputs, prediction: taskOf(model).fromLog(entry) };
}

function observedOutcome({ streamed, prediction: { prediction } }: Joined): ObservedOutcome {
  const { shard, sequence, entry } = streamed;
  return { shard, sequence, prediction, outcome: entry.actual };
}
