import { groupBy } from '../group-by';
import { type EntityEvent, tileKey } from './entity-event';
import { tileIndex, type WindowPlan } from './plan';
import { type FeatureRecord, readRecord } from './record';
import { addToTile, type Tile } from './tile';

export interface PageKey {
  /** `<group>#<entity>`. */
  readonly key: string;
  readonly page: number;
}

/** Tiles of one entity for one span of time: as many tiles as the group's largest window holds. */
export interface TilePage extends PageKey {
  readonly tiles: readonly Tile[];
  /** Grows by one with each write; 0 = not stored yet. */
  readonly version: number;
  /** Seconds since 1970 after which the page is of no use. */
  readonly expires: number;
}

/** What new events make of an entity: the pages that change, and the record as of its newest event. */
export interface EntityUpdate {
  readonly entity: string;
  readonly pages: readonly TilePage[];
  readonly record: FeatureRecord | undefined;
}

/** Pages that must be read before events can be added: of each event the page, the one before (its window) and the one after (a newer record?). */
export function pagesToRead(plan: WindowPlan, events: readonly EntityEvent[]): PageKey[] {
  return [...groupBy(events, ({ entity }) => entity)].flatMap(([entity, news]) => {
    const pages = new Set(news.flatMap(({ at }) => [-1, 0, 1].map((step) => pageOf(plan, tileIndex(plan, at)) + step)));
    return [...pages].map((page) => ({ key: tileKey({ name: plan.group }, entity), page }));
  });
}

/**
 * Adds events to the tiles of their entities. Events that are inside already change nothing.
 *
 * @param stored the pages of `pagesToRead` that exist
 * @param ttlMs how long a record may be used: pages are kept so much longer than their window
 */
export function addToPages(
  plan: WindowPlan,
  events: readonly EntityEvent[],
  stored: readonly TilePage[],
  ttlMs: number,
): EntityUpdate[] {
  return [...groupBy(events, ({ entity }) => entity)].map(([entity, news]) => {
    const key = tileKey({ name: plan.group }, entity);
    const before = stored.filter((page) => page.key === key);
    const { tiles, changed } = withEvents(plan, before, news);
    const pages = [...changed].map((page): TilePage => {
      const version = before.find((it) => it.page === page)?.version ?? 0;
      return { key, page, tiles: tilesOf(plan, page, tiles), version: version + 1, expires: expiry(plan, page, ttlMs) };
    });
    return { entity, pages, record: readRecord(plan, tiles) };
  });
}

/** A page holds `depth` tiles, so a record needs at most the page of its newest event and the one before. */
function pageOf(plan: WindowPlan, index: number): number {
  return Math.floor(index / plan.depth);
}

function withEvents(plan: WindowPlan, before: readonly TilePage[], news: readonly EntityEvent[]) {
  const tiles = new Map(before.flatMap((page) => page.tiles.map((tile) => [tile.index, tile] as const)));
  const changed = new Set<number>();
  for (const event of news) {
    const index = tileIndex(plan, event.at);
    const old = tiles.get(index);
    const next = addToTile(plan, old, event);
    if (next === old) continue;
    tiles.set(index, next);
    changed.add(pageOf(plan, index));
  }
  return { tiles: [...tiles.values()], changed };
}

function tilesOf(plan: WindowPlan, page: number, tiles: readonly Tile[]): Tile[] {
  return tiles.filter(({ index }) => pageOf(plan, index) === page).toSorted((a, b) => a.index - b.index);
}

function expiry(plan: WindowPlan, page: number, ttlMs: number): number {
  return Math.ceil(((page + 2) * plan.depth * plan.widthMs + ttlMs) / 1000);
}
