import { type Bench, round } from './measurement';
import { withPlatform } from './platform';

/** `npm start` on a clean state (packages and Python environment are there) to a served model. */
export const firstStart: Bench = {
  name: 'first-start',
  description: 'npm start on a clean state to a served, trained model',
  async run(progress) {
    progress('first-start');
    return withPlatform(async (_, seconds) => [{ name: 'first-start', value: round(seconds), unit: 's', budget: 180 }]);
  },
};
