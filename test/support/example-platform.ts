// The platform that tests are of, whatever platform/ holds: the flights.
export { platform } from '../../examples/flight-delays';
export { originCongestion } from '../../examples/flight-delays/features';
export { departures } from '../../examples/flight-delays/sources';
