import { type FeatureGroup, milliseconds, type Platform, type Source } from '../../core/definition';
import { groupBy } from '../../core/group-by';
import type { Names } from '../../core/naming';
import {
  addToTile,
  type EntityEvent,
  entityEvent,
  type FeatureRecord,
  readRecord,
  recordSpan,
  type Tile,
  tileIndex,
  tileKey,
  type WindowPlan,
  windowPlan,
} from '../../core/windows';
import type { EntityRecord } from '../adapters/feature-records';
import type { TilePage, TilePages } from '../adapters/tile-pages';

export interface AggregatorDependencies {
  readonly platform: Platform;
  readonly names: Names;
  readonly pages: TilePages;
  readonly features: { put(records: readonly EntityRecord[]): Promise<void> };
}

const ATTEMPTS = 4;

type Event = Readonly<Record<string, unknown>>;

interface GroupPlan {
  readonly group: FeatureGroup;
  readonly plan: WindowPlan;
}

/**
 * Adds events of a source to the tiles of every group that is fed by it, then puts the entities' new records. Tiles keep event ids, so a
 * repeated batch changes nothing; records go out after the tiles, so a crash between the two is mended by the retry.
 */
export class Aggregator {
  private readonly plans = new Map<string, GroupPlan[]>();

  constructor(private readonly dependencies: AggregatorDependencies) {
    const { platform } = dependencies;
    for (const source of platform.sources) this.plans.set(source.name, plansOf(platform, source));
  }

  /** Adds validated events of one source. */
  async add(source: string, events: readonly Event[]): Promise<void> {
    for (const { group, plan } of this.plans.get(source) ?? []) {
      const entityEvents = events.flatMap((event) => entityEvent(plan, event) ?? []);
      const records = await this.addToGroup(group, plan, entityEvents);
      await this.dependencies.features.put(records);
    }
  }

  private async addToGroup(group: FeatureGroup, plan: WindowPlan, entityEvents: readonly EntityEvent[]): Promise<EntityRecord[]> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const entities = groupBy(entityEvents, ({ entity }) => entity);
      const stored = await this.dependencies.pages.get(pagesToRead(group, plan, entities));
      const updates = [...entities].map(([entity, news]) => update(group, plan, entity, news, stored));
      if (await this.dependencies.pages.put(updates.flatMap(({ pages }) => pages)))
        return updates.flatMap(({ entity, record }) =>
          record === undefined ? [] : [{ ...record, entity, group: this.dependencies.names.featureGroup(group.name) }],
        );
    }
    throw new Error(`tiles of ${group.name} were changed by other writers ${ATTEMPTS} times in a row`);
  }
}

function plansOf(platform: Platform, source: Source): GroupPlan[] {
  return platform.featureGroups
    .filter((group) => group.source === source.name)
    .map((group) => ({ group, plan: windowPlan(group, source) }));
}

/** A page holds `depth` tiles, so a record needs at most the page of its newest event and the one before. */
function pageOf(plan: WindowPlan, index: number): number {
  return Math.floor(index / plan.depth);
}

function pagesToRead(
  group: FeatureGroup,
  plan: WindowPlan,
  entities: ReadonlyMap<string, readonly EntityEvent[]>,
): { key: string; page: number }[] {
  return [...entities].flatMap(([entity, news]) => {
    const pages = new Set(news.flatMap(({ at }) => neighbours(plan, at)));
    return [...pages].map((page) => ({ key: tileKey(group, entity), page }));
  });
}

/** The page of an event, the one before (its window) and the one after (a late event: is there a newer record?). */
function neighbours(plan: WindowPlan, at: number): number[] {
  const page = pageOf(plan, tileIndex(plan, at));
  return [page - 1, page, page + 1];
}

interface EntityUpdate {
  readonly entity: string;
  readonly pages: readonly TilePage[];
  readonly record: FeatureRecord | undefined;
}

function update(
  group: FeatureGroup,
  plan: WindowPlan,
  entity: string,
  news: readonly EntityEvent[],
  stored: readonly TilePage[],
): EntityUpdate {
  const key = tileKey(group, entity);
  const before = stored.filter((page) => page.key === key);
  const tiles = new Map<number, Tile>(before.flatMap((page) => page.tiles.map((tile) => [tile.index, tile] as const)));
  const changed = new Set<number>();
  for (const event of news) {
    const index = tileIndex(plan, event.at);
    const old = tiles.get(index);
    const next = addToTile(plan, old, event);
    if (next === old) continue;
    tiles.set(index, next);
    changed.add(pageOf(plan, index));
  }
  const all = [...tiles.values()];
  const pages = [...changed].map((page) => pageItem(group, plan, key, page, all, before));
  return { entity, pages, record: newestRecord(plan, all) };
}

function newestRecord(plan: WindowPlan, tiles: readonly Tile[]): FeatureRecord | undefined {
  const newest = Math.max(...tiles.map((tile) => tile.newest));
  const { first, last } = recordSpan(plan, newest);
  return readRecord(
    plan,
    tiles.filter(({ index }) => index >= first && index <= last),
  );
}

function pageItem(
  group: FeatureGroup,
  plan: WindowPlan,
  key: string,
  page: number,
  tiles: readonly Tile[],
  before: readonly TilePage[],
): TilePage {
  const own = tiles.filter(({ index }) => pageOf(plan, index) === page).toSorted((a, b) => a.index - b.index);
  const end = (page + 2) * plan.depth * plan.widthMs + milliseconds(group.ttl);
  const version = before.find((it) => it.page === page)?.version ?? 0;
  return { key, page, tiles: own, version: version + 1, expires: Math.ceil(end / 1000) };
}
