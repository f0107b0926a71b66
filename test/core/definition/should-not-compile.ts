import {
  category,
  defineConsumer,
  defineFeatureGroup,
  defineSource,
  mean,
  number,
  outcome,
  string,
  timestamp,
} from '../../../core/definition';
import { originCongestion } from '../../support/example-platform';

const departures = defineSource({
  name: 'departures',
  owner: 'ops',
  description: 'An aircraft has left its gate.',
  schema: { event_id: string(), origin: category(), dep_delay: number(), departed_at: timestamp() },
  eventId: 'event_id',
  eventTime: 'departed_at',
  partitionKey: 'origin',
});

// A feature that does not exist.
// @ts-expect-error
export const feature = originCongestion.features.mean_dep_delay_2h;

// A column that the source does not have, and one that is not a number.
const group = {
  owner: 'ops',
  description: 'How late departures were.',
  source: departures,
  ttl: '1d',
  entity: ['origin' as const],
} as const;
export const unknownColumn = defineFeatureGroup({
  ...group,
  name: 'a',
  entity: ['origin'],
  // @ts-expect-error
  features: { late: mean('delay').over('1h') },
});
export const textColumn = defineFeatureGroup({
  ...group,
  name: 'b',
  entity: ['origin'],
  // @ts-expect-error
  features: { late: mean('origin').over('1h') },
});

// An event time that is not an instant.
export const source = defineSource({
  name: 'departures',
  owner: 'ops',
  description: 'An aircraft has left its gate.',
  schema: { event_id: string(), departed_at: timestamp() },
  eventId: 'event_id',
  // @ts-expect-error
  eventTime: 'event_id',
  partitionKey: 'event_id',
});

// A label over a column that does not exist.
// @ts-expect-error
export const label = outcome(departures, { name: 'late', column: 'arr_delay', joinOn: 'event_id', above: 15, within: '1d' });

// A scope that does not exist.
export const consumer = defineConsumer({
  name: 'app',
  description: 'An application.',
  owner: 'apps',
  // @ts-expect-error
  scopes: ['predict:readonly'],
  models: [],
  plan: { rate: 1, burst: 1 },
});
