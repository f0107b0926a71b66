import { join } from 'node:path';
import { type Bench, round } from './measurement';
import { ROOT, timed } from './processes';

/** The whole improve flow over a replayed month. */
export const loop: Bench = {
  name: 'loop',
  description: 'slipway loop flight-delay: a month from drift to a new champion',
  async run(progress) {
    progress('loop');
    const seconds = await timed(process.execPath, [
      join(ROOT, 'bin', 'slipway.js'),
      'loop',
      'flight-delay',
      '--json',
      '--port',
      '4890',
    ]);
    return [{ name: 'loop', value: round(seconds), unit: 's', budget: 600 }];
  },
};
