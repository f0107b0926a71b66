import { defineConsumer } from '../../core/definition';
import { flightDelay } from './models/flight-delay';

export const mobileApp = defineConsumer({
  name: 'mobile-app',
  description: 'The passenger app: asks for predictions of single flights.',
  owner: 'passenger-apps',
  scopes: ['predict', 'models:read'],
  models: [flightDelay],
  plan: { rate: 50, burst: 100, quota: { limit: 1_000_000, period: 'DAY' } },
});

export const opsDashboard = defineConsumer({
  name: 'ops-dashboard',
  description: 'The operations centre: predicts whole timetables and reports what happened.',
  owner: 'airport-operations',
  scopes: ['predict', 'outcomes:write', 'events:write', 'models:read'],
  models: [flightDelay],
  plan: { rate: 400, burst: 800 },
});
