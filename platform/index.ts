import { definePlatform } from '../core/definition';
import { mobileApp, opsDashboard } from './consumers';
import { aircraft, carrierCongestion, originCongestion, originWeather } from './features';
import { flightDelay } from './models/flight-delay';
import { arrivals, departures, weather } from './sources';
import { stages } from './stages';

/** The platform that the app deploys. */
export const platform = definePlatform({
  name: 'slipway',
  sources: [departures, weather, arrivals],
  featureGroups: [originCongestion, carrierCongestion, aircraft, originWeather],
  models: [flightDelay],
  consumers: [mobileApp, opsDashboard],
  stages,
});
