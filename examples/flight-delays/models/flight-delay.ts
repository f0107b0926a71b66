import { category, defineModel, integer, number, outcome, prior, string, xgboost } from '../../../core/definition';
import { aircraft, carrierCongestion, originCongestion, originWeather } from '../features';
import { arrivals, departures } from '../sources';

export const flightDelay = defineModel({
  name: 'flight-delay',
  description: 'At scheduled departure: will the flight arrive more than 15 minutes late?',
  owner: 'delay-science',
  card: {
    intendedUse: 'Inform passengers and ground staff of likely late arrivals of flights from the New York airports.',
    limitations: 'Learned on departures from EWR, JFK and LGA only; says nothing about cancelled or diverted flights.',
    risk: 'low',
  },
  task: 'binary-classification',
  entity: 'flight_id',
  spine: { source: departures, time: 'scheduled_at' },
  request: {
    carrier: category({ description: 'Airline, IATA code', unknown: 'missing' }),
    origin: category({ description: 'Airport of departure, IATA code', values: ['EWR', 'JFK', 'LGA'], unknown: 'reject' }),
    dest: category({ description: 'Airport of destination, IATA code', unknown: 'missing' }),
    distance: number({ unit: 'miles', min: 0, max: 12_500 }),
    scheduled_hour: integer({ unit: 'local hour', min: 0, max: 23 }),
    scheduled_weekday: integer({ unit: 'ISO weekday', min: 1, max: 7 }),
  },
  keys: { tailnum: string({ description: 'Registration of the aircraft', nullable: true, maxLength: 16 }) },
  features: [
    ...Object.values(originCongestion.features),
    carrierCongestion.features.mean_dep_delay_3h,
    carrierCongestion.features.departures_3h,
    aircraft.features.last_dep_delay,
    aircraft.features.last_dep_delay_age,
    originWeather.features.last_temp,
    originWeather.features.last_wind_speed,
    originWeather.features.last_precip,
    originWeather.features.last_visib,
  ],
  label: outcome(arrivals, { name: 'late_arrival', column: 'arr_delay', joinOn: 'flight_id', above: 15, within: '2d' }),
  training: xgboost({
    rounds: 300,
    depth: 6,
    precisionTarget: 0.7,
    instanceTypes: { prod: ['ml.g5.xlarge', 'ml.g4dn.xlarge'], dev: ['ml.m5.xlarge', 'ml.m5.large'] },
    window: '90d',
    holdout: '14d',
  }),
  slices: ['origin', 'carrier'],
  gates: {
    auc: { min: 0.78 },
    precision: { min: 0.65, live: { floor: 0.5, minSamples: 40 } },
    calibrationError: { max: 0.1 },
    beatChampionBy: { metric: 'auc', margin: 0.001 },
    minRows: 1000,
  },
  serving: {
    fleet: {
      dev: { instanceType: 'ml.m5.large', minInstances: 1, maxInstances: 2, invocationsPerInstance: 6000 },
      prod: { instanceType: 'ml.c6i.large', minInstances: 2, maxInstances: 8, invocationsPerInstance: 6000 },
    },
    canary: {
      sizePercent: 10,
      bake: '10m',
      terminationWait: '5m',
      maxDuration: '1h',
      alarms: { errorRatePercent: 1, latencyP99Ms: 500 },
    },
  },
  monitoring: {
    window: '1d',
    minSamples: 200,
    drift: {
      default: { psi: 0.25, jensenShannon: 0.4, missingIncrease: 0.1, outOfRange: 0.2 },
      inputs: { scheduled_hour: { psi: 0.5 }, scheduled_weekday: {} },
    },
    alarm: { breaches: 3, windows: 3 },
    outcomesWithin: '2d',
  },
  retraining: { cooldown: '14d', maxCooldown: '28d', dailyBudget: 2, minNewLabels: 3000, lease: '4h' },
  baseline: prior(0.24, { threshold: 0.5 }),
  api: { maxBatch: 100, timeout: '5s' },
});
