import { findModel, type Model, milliseconds, type Platform } from '../../core/definition';
import type { BaselineProfile } from '../../core/drift';
import { groupBy } from '../../core/group-by';
import {
  addOutcomes,
  addPredictions,
  type ObservedOutcome,
  type ObservedPrediction,
  type WindowState,
  windowStart,
} from '../../core/monitoring';
import type { InferenceRecord, OutcomeRecord, PredictionRecord } from '../../core/serving';
import { taskOf } from '../../core/tasks';
import type { WaitingPrediction, WindowTable } from '../adapters/window-table';

export interface RecorderDependencies {
  readonly platform: Platform;
  readonly table: WindowTable;
  /** Drift reference of a version; undefined for versions without one, such as the day-0 baseline. */
  readonly profile: (model: string, version: string) => Promise<BaselineProfile | undefined>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface StreamedRecord {
  readonly shard: string;
  readonly sequence: string;
  readonly record: InferenceRecord;
}

type Streamed<R> = StreamedRecord & { readonly record: R };

const ATTEMPTS = 5;

/**
 * Counts predictions and joined outcomes into their windows. A record's position in the stream is kept in the window, so a batch that
 * comes twice counts once; an outcome that is sent twice for one prediction counts once too.
 */
export class Recorder {
  constructor(private readonly dependencies: RecorderDependencies) {}

  async record(batch: readonly StreamedRecord[]): Promise<void> {
    for (const [name, records] of groupBy(batch, ({ record }) => record.model)) {
      const model = findModel(this.dependencies.platform, name);
      if (model === undefined) continue;
      const predictions = records.filter((it): it is Streamed<PredictionRecord> => it.record.type === 'prediction');
      const outcomes = records.filter((it): it is Streamed<OutcomeRecord> => it.record.type === 'outcome');
      await this.recordPredictions(model, predictions);
      await this.recordOutcomes(model, outcomes);
    }
  }

  private async recordPredictions(model: Model, records: readonly Streamed<PredictionRecord>[]): Promise<void> {
    if (records.length === 0) return;
    const known = await this.dependencies.table.predictions(records.map(({ record }) => record.prediction_id));
    const news = records.filter(({ record }) => !known.has(record.prediction_id)).map(({ record }) => waiting(model, record));
    await this.dependencies.table.putPredictions(news, this.expiry(model));
    for (const [version, own] of groupBy(records, ({ record }) => record.model_version)) {
      const profile = await this.dependencies.profile(model.name, version);
      for (const [start, inside] of groupBy(own, ({ record }) => windowStart(model, Date.parse(record.occurred_at))))
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

  private async recordOutcomes(model: Model, records: readonly Streamed<OutcomeRecord>[]): Promise<void> {
    if (records.length === 0) return;
    const predictions = await this.dependencies.table.predictions(records.map(({ record }) => record.prediction_id));
    const joined = joinOnce(records, predictions);
    for (const [version, own] of groupBy(joined, ({ prediction }) => prediction.version)) {
      for (const [start, inside] of groupBy(own, ({ streamed }) => windowStart(model, Date.parse(streamed.record.occurred_at))))
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
  readonly streamed: Streamed<OutcomeRecord>;
  readonly prediction: WaitingPrediction;
}

/** Outcomes with their predictions; of several outcomes of one prediction only the first, also across batches. */
function joinOnce(records: readonly Streamed<OutcomeRecord>[], predictions: ReadonlyMap<string, WaitingPrediction>): Joined[] {
  const seen = new Set<string>();
  return records.flatMap((streamed) => {
    const prediction = predictions.get(streamed.record.prediction_id);
    if (prediction === undefined || seen.has(prediction.id)) return [];
    if (prediction.joinedBy !== '' && prediction.joinedBy !== positionOf(streamed)) return [];
    seen.add(prediction.id);
    return [{ streamed, prediction }];
  });
}

function positionOf({ shard, sequence }: StreamedRecord): string {
  return `${shard}/${sequence}`;
}

function waiting(model: Model, record: PredictionRecord): WaitingPrediction {
  return {
    id: record.prediction_id,
    version: record.model_version,
    prediction: taskOf(model).fromLog(record),
    joinedBy: '',
  };
}

function observedPrediction(model: Model, { shard, sequence, record }: Streamed<PredictionRecord>): ObservedPrediction {
  const inputs = JSON.parse(record.inputs) as Record<string, unknown>;
  return { shard, sequence, inputs, prediction: taskOf(model).fromLog(record) };
}

function observedOutcome({ streamed, prediction: { prediction } }: Joined): ObservedOutcome {
  const { shard, sequence, record } = streamed;
  return { shard, sequence, prediction, outcome: record.actual };
}
