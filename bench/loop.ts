import { join } from 'node:path';
import { type Bench, round } from './measurement';
import { ROOT, timed } from './processes';

/** Wall time of the whole improve flow over its default span; most of it is the replay, so the bar is the patience of a person. */
export const loop: Bench = {
  name: 'loop',
  description: 'slipway loop flight-delay: from drift to a new champion, replay and first training included',
  async run(progress) {
    progress('loop');
    const seconds = await timed(process.execPath, [
      join(ROOT, 'bin', 'slipway.js'),
      'loop',
      'flight-delay',
      '--json',
      '--port',
      '0',
    ]);
    return [{ name: 'loop', value: round(seconds), unit: 's', budget: 600 }];
  },
};
