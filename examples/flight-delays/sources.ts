import { category, defineSource, integer, number, string, timestamp } from '../../core/definition';

const flightId = string({ description: 'Date, carrier, flight number, origin and scheduled time; unique per flight' });
const origin = category({ description: 'Airport of departure, IATA code', values: ['EWR', 'JFK', 'LGA'], unknown: 'reject' });

export const departures = defineSource({
  name: 'departures',
  owner: 'airport-operations',
  description: 'An aircraft has left its gate; sent at the actual departure.',
  schema: {
    event_id: string(),
    flight_id: flightId,
    carrier: category({ description: 'Airline, IATA code' }),
    origin,
    dest: category({ description: 'Airport of destination, IATA code' }),
    tailnum: string({ description: 'Registration of the aircraft', nullable: true }),
    distance: number({ unit: 'miles', min: 0, max: 12_500 }),
    scheduled_at: timestamp({ description: 'Departure in the timetable' }),
    scheduled_hour: integer({ unit: 'local hour', min: 0, max: 23 }),
    scheduled_weekday: integer({ unit: 'ISO weekday', min: 1, max: 7 }),
    dep_delay: number({
      unit: 'minutes',
      min: -1440,
      max: 10_080,
      description: 'Actual minus scheduled departure; negative when early',
    }),
    departed_at: timestamp({ description: 'Actual departure' }),
  },
  eventId: 'event_id',
  eventTime: 'departed_at',
  partitionKey: 'origin',
});

export const weather = defineSource({
  name: 'weather',
  owner: 'airport-operations',
  description: 'Hourly weather observation at an airport of departure.',
  schema: {
    event_id: string(),
    origin,
    temp: number({ unit: 'Fahrenheit', nullable: true }),
    dewp: number({ unit: 'Fahrenheit', nullable: true }),
    humid: number({ unit: 'percent', nullable: true, min: 0, max: 100 }),
    wind_speed: number({ unit: 'mph', nullable: true, min: 0 }),
    precip: number({ unit: 'inches', nullable: true, min: 0 }),
    pressure: number({ unit: 'millibars', nullable: true }),
    visib: number({ unit: 'miles', nullable: true, min: 0 }),
    observed_at: timestamp(),
  },
  eventId: 'event_id',
  eventTime: 'observed_at',
  partitionKey: 'origin',
});

export const arrivals = defineSource({
  name: 'arrivals',
  owner: 'airport-operations',
  description: 'An aircraft has reached its gate; the outcome that predictions are judged by.',
  schema: {
    event_id: string(),
    flight_id: flightId,
    arr_delay: number({
      unit: 'minutes',
      min: -1440,
      max: 10_080,
      description: 'Actual minus scheduled arrival; negative when early',
    }),
    arrived_at: timestamp(),
  },
  eventId: 'event_id',
  eventTime: 'arrived_at',
  partitionKey: 'flight_id',
});
