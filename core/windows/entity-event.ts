import type { SourceEvent } from '../aggregations';
import { entityKey, type FeatureGroup } from '../definition';
import type { WindowPlan } from './plan';

/** An event as one feature group sees it. */
export interface EntityEvent extends SourceEvent {
  /** Record identifier of the entity. */
  readonly entity: string;
}

/** Reads a validated event; undefined when a part of the entity is missing, e.g. an unknown device. */
export function entityEvent(plan: WindowPlan, event: Readonly<Record<string, unknown>>): EntityEvent | undefined {
  const entity = entityKey({ entity: [...plan.entity] }, event);
  const at = Date.parse(String(event[plan.eventTime]));
  return entity === undefined || Number.isNaN(at) ? undefined : { id: String(event[plan.eventId]), at, entity, values: event };
}

/** Partition key of a tile item: `<group>#<entity>`. */
export function tileKey(group: Pick<FeatureGroup, 'name'>, entity: string): string {
  return `${group.name}#${entity}`;
}
