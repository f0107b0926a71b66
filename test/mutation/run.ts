import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { areaNames, areaOf } from './areas';
import { MESSAGE_RULE } from './message-text';
import { mutate } from './mutate';
import { scoreOf, survivorLines } from './report';

// `npm run mutation -- core/<area>...`: changes the area's code in small ways, one at a time, and looks which changes its tests notice.
// Stryker's instrumenter makes the changes; Stryker itself does not start beside TypeScript 7.

/** npm starts what it runs in the folder of the package. */
const ROOT = process.cwd();
/** The share of noticed changes, in percent, that an area has at least. */
const BAR = 85;
const PROGRESS_EVERY = 25;

const USAGE = `npm run mutation -- core/<area>... [--all] [--json]

  Changes the code of an area in small ways, one at a time, and lists the changes that its tests (test/core/<area>) do not notice.
  Below ${BAR} % noticed it fails. ${MESSAGE_RULE}

  --all     every area
  --json    one JSON object per area on a line: area, bar, changes, noticed, percent, survivors

  Areas: ${areaNames(ROOT).join(', ')}
`;

async function report(name: string, json: boolean): Promise<void> {
  const area = areaOf(ROOT, name);
  const tried = await mutate(ROOT, area, {
    processes: availableParallelism(),
    progress: (done, of, survived) => {
      if (done % PROGRESS_EVERY === 0 || done === of)
        console.error(`${area.name}: ${done} of ${of} tried, ${survived} not noticed`);
    },
  });
  const score = scoreOf(tried);
  const survivors = survivorLines(tried);
  const total = `${area.name}: ${score.percent.toFixed(1)} % of ${score.changes} changes noticed (bar ${BAR} %)`;
  console.log(json ? JSON.stringify({ area: area.name, bar: BAR, ...score, survivors }) : [...survivors, total].join('\n'));
  if (score.percent < BAR) process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { all: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  const chosen = values.all === true ? areaNames(ROOT) : positionals;
  if (values.help === true || chosen.length === 0) return void process.stdout.write(USAGE);
  for (const name of chosen) areaOf(ROOT, name);
  for (const name of chosen) await report(name, values.json === true);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
