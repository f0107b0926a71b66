import { type Bench, median, round } from './measurement';
import { ROOT, timed } from './processes';

const RUNS = 3;

/** Both stages through the CDK CLI, validation and cdk-nag on. */
export const synth: Bench = {
  name: 'synth',
  description: 'cdk synth of both stages, validation and cdk-nag on',
  async run(progress) {
    const seconds: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      progress(`synth ${run + 1}/${RUNS}`);
      seconds.push(await timed(process.execPath, [`${ROOT}/node_modules/aws-cdk/bin/cdk`, 'synth', '-q']));
    }
    return [{ name: 'synth', value: round(median(seconds)), unit: 's', budget: 6 }];
  },
};
