import { startLocal, stopLocal } from '../bin/cli/local-process';
import { type Bench, median, round } from './measurement';
import { withPlatform } from './platform';

const RUNS = 5;

/** Start of a local AWS whose state holds a deployed dev stage with a trained model. */
export const localStart: Bench = {
  name: 'local-start',
  description: 'start of the local AWS with the state of a deployed dev stage',
  async run(progress) {
    return withPlatform(async (stateDir) => {
      const values: number[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        await stopLocal(stateDir);
        progress(`local-start ${run + 1}`);
        const began = performance.now();
        await startLocal({ stateDir, port: undefined, startAt: new Date().toISOString(), python: 'python3' });
        values.push((performance.now() - began) / 1000);
      }
      return [{ name: 'local-start', value: round(median(values)), unit: 's', budget: 2 }];
    });
  },
};
