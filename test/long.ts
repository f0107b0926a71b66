import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

// `npm run test:long`: what runs small in `npm test`, whole. One part of it runs with each day's `.ci/run`.

const ROOT = join(__dirname, '..');

/** Tests that are the larger, the larger the numbers that they read from the environment. */
export interface LongPart {
  readonly name: string;
  readonly description: string;
  readonly tests: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it takes its turn in the daily run. */
  readonly rotates: boolean;
}

const KILLS = 'packages/local-aws/test/integ';

export const LONG_PARTS: readonly LongPart[] = [
  {
    name: 'clones',
    description: 'twenty of each model, source, group and consumer, deployed and asked',
    tests: ['test/integ/clones'],
    environment: { CLONES: '20' },
    rotates: true,
  },
  {
    name: 'judged',
    description: 'twenty of each, judged by the policy packs',
    tests: ['test/lib/two-and-twenty'],
    environment: { JUDGED_CLONES: '20' },
    rotates: true,
  },
  {
    name: 'kills-training',
    description: 'the local AWS killed 15 times in training runs, 10 times in promotions',
    tests: [`${KILLS}/training-kills`, `${KILLS}/promotion-kills`],
    environment: { TRAINING_KILLS: '15', PROMOTION_KILLS: '10' },
    rotates: true,
  },
  {
    name: 'kills-data',
    description: 'the local AWS killed 20 times while events come in, 10 times while they are delivered or erased',
    tests: [`${KILLS}/ingestion-kills`, `${KILLS}/firehose-kills`, `${KILLS}/erasure-kills`],
    environment: { INGESTION_KILLS: '20', FIREHOSE_KILLS: '10', ERASURE_KILLS: '10' },
    rotates: true,
  },
  {
    name: 'interruptions',
    description: 'deployments killed 30 times, and 150 damaged places of a state file',
    tests: [`${KILLS}/interrupted-deployment`, 'packages/local-aws/test/storage/seal'],
    environment: { INTERRUPTIONS: '30', DAMAGED_PLACES: '150' },
    rotates: true,
  },
  {
    name: 'month',
    description: 'the improve loop over the whole of April 2013',
    tests: ['test/integ/loop'],
    environment: { LOOP_TO: '2013-05-01' },
    // Twice as long as the loop of npm test, which is what that waits for.
    rotates: false,
  },
];

const ROTATING = LONG_PARTS.filter(({ rotates }) => rotates);

/** The part whose turn it is on a day, by the number of the day since 1970: each comes up in turn. */
export function partOfDay(day: number): LongPart {
  const part = ROTATING[day % ROTATING.length];
  if (part === undefined) throw new RangeError(`no part for day ${day}`);
  return part;
}

const USAGE = `npm run test:long -- [name...] [--seed N]

${LONG_PARTS.map(({ name, description }) => `  ${name.padEnd(16)} ${description}`).join('\n')}

  --seed N   other instants of the kills; told with each failure
`;

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) return void process.stdout.write(USAGE);
  const unknown = positionals.filter((name) => !LONG_PARTS.some((part) => part.name === name));
  if (unknown.length > 0) throw new Error(`no part '${unknown.join(', ')}'\n\n${USAGE}`);
  for (const part of LONG_PARTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    console.log(`-- ${part.name}: ${part.description}`);
    const env = { ...process.env, ...part.environment, ...(values.seed === undefined ? {} : { SEED: values.seed }) };
    const { status } = spawnSync(
      process.execPath,
      [join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'), '--ci', ...part.tests],
      {
        cwd: ROOT,
        stdio: 'inherit',
        env,
      },
    );
    if (status !== 0) process.exitCode = 1;
  }
}

if (require.main === module) main();
