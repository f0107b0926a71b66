import { createSketch, type InputProfile } from '../core/drift';
import { type Bench, median, round, withReference } from './measurement';

const ROWS = 100_000;
const FEATURES = 20;
const RUNS = 5;
const SEED = 2013;

/** Park-Miller generator: the same rows each time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function rows(): string[] {
  const next = generator(SEED);
  return Array.from({ length: ROWS }, () => {
    const row = Object.fromEntries(Array.from({ length: FEATURES }, (_, at) => [`f${at}`, Math.round(next() * 1000) / 10]));
    return JSON.stringify(row);
  });
}

function profile(): InputProfile {
  const edges = [10, 20, 30, 40, 50, 60, 70, 80, 90];
  return { type: 'numeric', edges, counts: new Array<number>(edges.length + 1).fill(100), missing: 0, n: 1000, min: 0, max: 100 };
}

/** JSON lines into sketches of 20 features, single thread; the reference only parses the same lines. */
export const driftJson: Bench = {
  name: 'drift-json',
  description: 'rows per second from JSON lines into the sketches of 20 features',
  async run(progress) {
    const lines = rows();
    const [full, parse]: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run += 1) {
      progress(`drift-json ${run + 1}/${RUNS}`);
      const sketches = Array.from({ length: FEATURES }, (_, at) => [`f${at}`, createSketch(profile())] as const);
      let began = performance.now();
      for (const line of lines) {
        const row = JSON.parse(line) as Record<string, unknown>;
        for (const [name, sketch] of sketches) sketch.add(row[name]);
      }
      full.push(ROWS / ((performance.now() - began) / 1000));
      began = performance.now();
      for (const line of lines) JSON.parse(line);
      parse.push(ROWS / ((performance.now() - began) / 1000));
    }
    return [
      withReference({
        name: 'drift-json',
        value: round(median(full)),
        unit: 'rows/s',
        budget: 600_000,
        reference: round(median(parse)),
      }),
    ];
  },
};
