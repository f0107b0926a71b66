import { MAX_EVENTS, MAX_OUTCOMES } from '../../core/api';
import { type Model, milliseconds, type Platform, type Source } from '../../core/definition';
import type { ReplayClients } from './consumers';
import type { PredictionRequest } from './prediction-requests';
import { recordedRows } from './recorded-events';

type Row = Readonly<Record<string, unknown>>;

interface Answer {
  readonly predictions: readonly { readonly prediction_id: string }[];
}

/** Recorded events of a source that are handed out up to an instant. */
class Feed {
  private readonly rows: AsyncGenerator<Row>;
  private next: Row | undefined;

  constructor(
    folder: string,
    readonly source: Source,
  ) {
    this.rows = recordedRows<Row>(folder, source.name);
  }

  /** Events that happened up to an instant (epoch ms) and were not taken yet. */
  async take(until: number): Promise<Row[]> {
    const taken: Row[] = [];
    for (;;) {
      if (this.next === undefined) {
        const read = await this.rows.next();
        if (read.done === true) return taken;
        this.next = read.value;
      }
      if (Date.parse(String(this.next[this.source.eventTime])) > until) return taken;
      taken.push(this.next);
      this.next = undefined;
    }
  }
}

export interface ReplayCounts {
  events: number;
  predictions: number;
  failed: number;
  outcomes: number;
}

export interface ReplayOptions {
  readonly platform: Platform;
  readonly model: Model;
  readonly clients: ReplayClients;
  /** Folder of the recorded events. */
  readonly folder: string;
  /** What is asked of the model, in the order of time. */
  readonly requests: readonly PredictionRequest[];
  /** Every n-th of the entities is predicted. */
  readonly every: number;
}

/**
 * Plays recorded events to the platform in the order of time: each event when it happened, a prediction at the very time of each spine row
 * (its features are those of that instant, in training and here), outcomes when they were known. All of it follows from the definitions.
 */
export class Replay {
  readonly counts: ReplayCounts = { events: 0, predictions: 0, failed: 0, outcomes: 0 };
  private readonly feeds: readonly Feed[];
  private readonly waiting = new Map<string, { readonly id: string; readonly at: number }>();
  private nextRequest = 0;

  constructor(private readonly options: ReplayOptions) {
    this.feeds = options.platform.sources.map((source) => new Feed(options.folder, source));
  }

  /** Sends what happens up to an instant (epoch ms): events, and the outcomes of what was predicted. */
  async until(instant: number): Promise<void> {
    const { model } = this.options;
    for (const feed of this.feeds) {
      const events = await feed.take(instant);
      await this.send(feed.source.name, events);
      if (feed.source.name === model.label.source) await this.report(feed.source, events);
    }
    const oldest = instant - milliseconds(model.label.within);
    for (const [entity, { at }] of this.waiting) if (at < oldest) this.waiting.delete(entity);
  }

  /** Predicts what is asked for at an instant (epoch ms), the present of the platform; requests before it are passed over. */
  async at(instant: number): Promise<void> {
    const { requests, every } = this.options;
    const due: PredictionRequest[] = [];
    for (; this.nextRequest < requests.length; this.nextRequest += 1) {
      const request = requests[this.nextRequest];
      if (request === undefined || request.at > instant) break;
      if (request.at === instant && hash(request.entity) % every === 0) due.push(request);
    }
    await this.predict(due);
  }

  private async predict(due: readonly PredictionRequest[]): Promise<void> {
    const { model, clients } = this.options;
    const { maxBatch } = model.api;
    for (let start = 0; start < due.length; start += maxBatch) {
      const part = due.slice(start, start + maxBatch);
      const body = { instances: part.map(({ instance }) => instance) };
      try {
        const { predictions } = (await clients.predictions.send('POST', `/v1/models/${model.name}/predictions`, body)) as Answer;
        part.forEach(({ entity, at }, index) => {
          const id = predictions[index]?.prediction_id;
          if (id !== undefined) this.waiting.set(entity, { id, at });
        });
        this.counts.predictions += part.length;
      } catch {
        // A bad canary is meant to fail some: the caller sees the count, the platform its alarm.
        this.counts.failed += part.length;
      }
    }
  }

  private async send(source: string, events: readonly Row[]): Promise<void> {
    for (let start = 0; start < events.length; start += MAX_EVENTS)
      await this.options.clients.events.send('POST', `/v1/events/${source}`, { events: events.slice(start, start + MAX_EVENTS) });
    this.counts.events += events.length;
  }

  private async report(source: Source, events: readonly Row[]): Promise<void> {
    const { label } = this.options.model;
    const outcomes = events.flatMap((row) => {
      const entity = String(row[label.joinOn]);
      const prediction = this.waiting.get(entity);
      if (prediction === undefined || row[label.column] === null) return [];
      this.waiting.delete(entity);
      return [{ prediction_id: prediction.id, value: Number(row[label.column]), occurred_at: String(row[source.eventTime]) }];
    });
    for (let start = 0; start < outcomes.length; start += MAX_OUTCOMES)
      await this.options.clients.outcomes.send('POST', '/v1/outcomes', { outcomes: outcomes.slice(start, start + MAX_OUTCOMES) });
    this.counts.outcomes += outcomes.length;
  }
}

/** A stable number for an entity (FNV-1a), so that a sample is the same each time. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return value;
}
