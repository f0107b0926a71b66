import { age, count, defineFeatureGroup, last, max, mean, share } from '../../core/definition';
import { departures, weather } from './sources';

export const originCongestion = defineFeatureGroup({
  name: 'origin_congestion',
  owner: 'delay-science',
  description: 'How late departures at an airport have been in the last hours.',
  source: departures,
  entity: ['origin'],
  ttl: '12h',
  features: {
    mean_dep_delay_1h: mean('dep_delay').over('1h'),
    mean_dep_delay_3h: mean('dep_delay').over('3h'),
    share_late_1h: share('dep_delay', { above: 15 }).over('1h', 'Share of departures more than 15 minutes late'),
    share_late_3h: share('dep_delay', { above: 15 }).over('3h', 'Share of departures more than 15 minutes late'),
    max_dep_delay_1h: max('dep_delay').over('1h'),
    max_dep_delay_3h: max('dep_delay').over('3h'),
    departures_1h: count().over('1h'),
    departures_3h: count().over('3h'),
  },
});

export const carrierCongestion = defineFeatureGroup({
  name: 'carrier_congestion',
  owner: 'delay-science',
  description: 'How late an airline has been at an airport in the last hours.',
  source: departures,
  entity: ['origin', 'carrier'],
  ttl: '12h',
  features: {
    mean_dep_delay_3h: mean('dep_delay').over('3h'),
    departures_3h: count().over('3h'),
  },
});

export const aircraft = defineFeatureGroup({
  name: 'aircraft',
  owner: 'delay-science',
  description: 'What happened to the aircraft on its last departure.',
  source: departures,
  entity: ['tailnum'],
  ttl: '24h',
  features: {
    last_dep_delay: last('dep_delay').over('24h'),
    last_dep_delay_age: age('Seconds since the aircraft last departed'),
  },
});

export const originWeather = defineFeatureGroup({
  name: 'origin_weather',
  owner: 'delay-science',
  description: 'The newest weather observation at an airport of departure.',
  source: weather,
  entity: ['origin'],
  ttl: '6h',
  features: {
    last_temp: last('temp').over('6h'),
    last_wind_speed: last('wind_speed').over('6h'),
    last_precip: last('precip').over('6h'),
    last_visib: last('visib').over('6h'),
  },
});
