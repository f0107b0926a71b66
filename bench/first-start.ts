import { type Bench, round } from './measurement';
import { withPlatform } from './platform';

/** `npm start` on a clean state to a served model. Packages and Python environment are there, so the bar is the warm one. */
export const firstStart: Bench = {
  name: 'first-start',
  description: 'npm start on a clean state to a served, trained model',
  async run(progress) {
    progress('first-start');
    return withPlatform(async (_, seconds) => [{ name: 'first-start', value: round(seconds), unit: 's', budget: 45 }]);
  },
};
