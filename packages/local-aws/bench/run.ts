import { parseArgs } from 'node:util';
import { localChecks } from './local-checks';
import { localMemory } from './local-memory';
import { localRequest } from './local-request';
import { localThroughput } from './local-throughput';
import type { Bench, Measurement } from './measurement';

// `npm run bench -- [name...] [--json]`. With `--list --json`, names and descriptions, for a bench of which this one is a part.

const BENCHES: readonly Bench[] = [localChecks, localRequest, localThroughput, localMemory];

function line({ name, value, unit, budget, reference, ratio }: Measurement): string {
  const against = reference === undefined ? '' : `   reference ${reference} ${unit}, ratio ${ratio}`;
  return `${name.padEnd(34)} ${String(value).padStart(10)} ${unit.padEnd(10)} budget ${budget}${against}`;
}

function list(json: boolean): void {
  for (const { name, description } of BENCHES)
    console.log(json ? JSON.stringify({ name, description }) : `  ${name.padEnd(20)} ${description}`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, list: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.list === true || values.help === true) return list(values.json);
  const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown.length > 0) throw new Error(`no measurement '${unknown.join(', ')}'; --list tells which there are`);
  for (const bench of BENCHES) {
    if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
    for (const measurement of await bench.run((text) => console.error(text)))
      console.log(values.json ? JSON.stringify(measurement) : line(measurement));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
