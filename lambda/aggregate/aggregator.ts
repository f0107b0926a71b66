import { type FeatureGroup, milliseconds, type Platform, type Source } from '../../core/definition';
import type { Names } from '../../core/naming';
import {
  addToPages,
  type EntityEvent,
  type EntityUpdate,
  entityEvent,
  pagesToRead,
  type WindowPlan,
  windowPlan,
} from '../../core/windows';
import type { EntityRecord } from '../adapters/feature-records';
import type { TilePages } from '../adapters/tile-pages';

export interface AggregatorDependencies {
  readonly platform: Platform;
  readonly names: Names;
  readonly pages: TilePages;
  readonly features: { put(records: readonly EntityRecord[]): Promise<void> };
}

const ATTEMPTS = 4;

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
  async add(source: string, events: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    for (const groupPlan of this.plans.get(source) ?? []) {
      const seen = events.flatMap((event) => entityEvent(groupPlan.plan, event) ?? []);
      const updates = await this.addToGroup(groupPlan, seen);
      const group = this.dependencies.names.featureGroup(groupPlan.group.name);
      await this.dependencies.features.put(
        updates.flatMap(({ entity, record }) => (record === undefined ? [] : [{ ...record, entity, group }])),
      );
    }
  }

  private async addToGroup({ group, plan }: GroupPlan, events: readonly EntityEvent[]): Promise<EntityUpdate[]> {
    const { pages } = this.dependencies;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const stored = await pages.get(pagesToRead(plan, events));
      const updates = addToPages(plan, events, stored, milliseconds(group.ttl));
      if (await pages.put(updates.flatMap((update) => update.pages))) return updates;
    }
    throw new Error(`tiles of ${group.name} were changed by other writers ${ATTEMPTS} times in a row`);
  }
}

function plansOf(platform: Platform, source: Source): GroupPlan[] {
  return platform.featureGroups
    .filter((group) => group.source === source.name)
    .map((group) => ({ group, plan: windowPlan(group, source) }));
}
