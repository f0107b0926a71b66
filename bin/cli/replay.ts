import { MAX_EVENTS, MAX_OUTCOMES } from '../../core/api';
import type { ApiClient } from './api-client';
import { exampleRows } from './example-data';

interface Row {
  readonly flight_id: string;
  readonly [column: string]: unknown;
}

interface Answer {
  readonly predictions: readonly { readonly prediction_id: string; readonly flight_id: string }[];
}

const MAX_BATCH = 100;
const WAITING_MS = 2 * 86_400_000;

/** Rows of one file that are handed out up to an instant. */
class Feed {
  private readonly rows: AsyncGenerator<Row>;
  private next: Row | undefined;
  private opened = false;

  constructor(
    folder: string,
    source: string,
    private readonly time: string,
  ) {
    this.rows = exampleRows<Row>(folder, source);
  }

  /** Rows whose time is before `until` (epoch ms) and that were not taken yet. */
  async take(until: number): Promise<Row[]> {
    const taken: Row[] = [];
    for (;;) {
      if (!this.opened || this.next === undefined) {
        const read = await this.rows.next();
        this.opened = true;
        if (read.done === true) return taken;
        this.next = read.value;
      }
      if (this.at(this.next) >= until) return taken;
      taken.push(this.next);
      this.next = undefined;
    }
  }

  at(row: Row): number {
    return Date.parse(String(row[this.time]));
  }
}

export interface ReplayCounts {
  events: number;
  predictions: number;
  failed: number;
  outcomes: number;
}

/**
 * Plays real flights to the platform in the order of time: departures and weather as they happen, a prediction at the very minute of
 * scheduled departure (the features of a flight are those of that instant, in training and here), outcomes at arrival.
 */
export class Replay {
  readonly counts: ReplayCounts = { events: 0, predictions: 0, failed: 0, outcomes: 0 };
  private readonly schedule: Feed;
  private readonly departures: Feed;
  private readonly weather: Feed;
  private readonly arrivals: Feed;
  private readonly waiting = new Map<string, { readonly id: string; readonly at: number }>();

  constructor(
    folder: string,
    private readonly client: ApiClient,
    private readonly model: string,
    /** Every n-th of these flights is predicted. */
    private readonly every: number,
  ) {
    this.schedule = new Feed(folder, 'schedule', 'scheduled_at');
    this.departures = new Feed(folder, 'departures', 'departed_at');
    this.weather = new Feed(folder, 'weather', 'observed_at');
    this.arrivals = new Feed(folder, 'arrivals', 'arrived_at');
  }

  /** Sends what happens up to an instant (epoch ms): events, and the outcomes of flights that were predicted. */
  async until(instant: number): Promise<void> {
    for (const [source, feed] of Object.entries({ departures: this.departures, weather: this.weather }))
      await this.send(source, await feed.take(instant + 1));
    const arrivals = await this.arrivals.take(instant + 1);
    await this.send('arrivals', arrivals);
    await this.report(arrivals);
    for (const [flight, { at }] of this.waiting) if (at < instant - WAITING_MS) this.waiting.delete(flight);
  }

  /** Predicts the flights whose scheduled departure is at an instant (epoch ms), the present of the platform. */
  async at(instant: number, batch = MAX_BATCH): Promise<void> {
    await this.schedule.take(instant);
    await this.predict(await this.schedule.take(instant + 1), batch);
  }

  private async predict(rows: readonly Row[], batch: number): Promise<void> {
    const chosen = rows.filter(({ flight_id: id }) => hash(id) % this.every === 0);
    for (let start = 0; start < chosen.length; start += batch) {
      const part = chosen.slice(start, start + batch);
      const instances = part.map(({ scheduled_at: _, ...instance }) => instance);
      try {
        const { predictions } = (await this.client.send('POST', `/v1/models/${this.model}/predictions`, { instances })) as Answer;
        part.forEach((row, index) => {
          const id = predictions[index]?.prediction_id;
          if (id !== undefined) this.waiting.set(row.flight_id, { id, at: this.schedule.at(row) });
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
      await this.client.send('POST', `/v1/events/${source}`, { events: events.slice(start, start + MAX_EVENTS) });
    this.counts.events += events.length;
  }

  private async report(arrivals: readonly Row[]): Promise<void> {
    const outcomes = arrivals.flatMap((row) => {
      const prediction = this.waiting.get(row.flight_id);
      this.waiting.delete(row.flight_id);
      return prediction === undefined
        ? []
        : [{ prediction_id: prediction.id, value: Number(row.arr_delay), occurred_at: String(row.arrived_at) }];
    });
    for (let start = 0; start < outcomes.length; start += MAX_OUTCOMES)
      await this.client.send('POST', '/v1/outcomes', { outcomes: outcomes.slice(start, start + MAX_OUTCOMES) });
    this.counts.outcomes += outcomes.length;
  }
}

/** A stable number for a flight (FNV-1a), so that a sample is the same each time. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return value;
}
