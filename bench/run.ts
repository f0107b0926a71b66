import { parseArgs } from 'node:util';
import { driftJson } from './drift-json';
import { firstStart } from './first-start';
import { lambdaColdStart } from './lambda-cold-start';
import { localAwsBenches } from './local-aws';
import { localDeploy, localRedeploy } from './local-deploy';
import { localStart } from './local-start';
import { loop } from './loop';
import type { Bench, Measurement } from './measurement';
import { predictPath } from './predict-path';
import { synth } from './synth';

const BENCHES: readonly Bench[] = [
  synth,
  ...localAwsBenches(),
  localStart,
  predictPath,
  driftJson,
  lambdaColdStart,
  localDeploy,
  localRedeploy,
  loop,
  firstStart,
];

function usage(): string {
  return [
    'npm run bench -- [name...] [--json]',
    '',
    ...BENCHES.map(({ name, description }) => `  ${name.padEnd(20)} ${description}`),
  ].join('\n');
}

function line({ name, value, unit, budget, reference, ratio }: Measurement): string {
  const against = reference === undefined ? '' : `   reference ${reference} ${unit}, ratio ${ratio}`;
  return `${name.padEnd(34)} ${String(value).padStart(10)} ${unit.padEnd(10)} budget ${budget}${against}`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, list: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.list === true || values.help === true) return console.log(usage());
  const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    console.error(`bench: no measurement '${unknown.join(', ')}'\n${usage()}`);
    process.exitCode = 2;
    return;
  }
  for (const bench of BENCHES) {
    if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
    for (const measurement of await bench.run((text) => console.error(text)))
      console.log(values.json === true ? JSON.stringify(measurement) : line(measurement));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
