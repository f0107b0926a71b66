import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LocalCloud } from '../src/server';
import { type BotocoreModel, extractConstraints } from '../src/wire/constraints/extract';
import type { ConstraintTable } from '../src/wire/constraints/table';
import { PYTHON } from './python';

// `npm run constraints`: writes tables/<service>.json from the models of Python's botocore, for the operations that are supported here.

const TABLES = join(__dirname, '..', 'src', 'wire', 'constraints', 'tables');
const PLACE = 'import botocore, pathlib; print(pathlib.Path(botocore.__file__).parents[1])';

function sitePackages(): string {
  return execFileSync(PYTHON, ['-c', PLACE], { encoding: 'utf8' }).trim();
}

function botocoreModel(packages: string, service: string): BotocoreModel {
  const folder = join(packages, 'botocore', 'data', service);
  const version = readdirSync(folder).sort().at(-1) ?? '';
  return JSON.parse(gunzipSync(readFileSync(join(folder, version, 'service-2.json.gz'))).toString('utf8')) as BotocoreModel;
}

function lines(record: Readonly<Record<string, unknown>>): string {
  return Object.entries(record)
    .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(',\n');
}

/** One shape a line, so that a newer model shows what changed. */
function print(table: ConstraintTable): string {
  return `{"source": ${JSON.stringify(table.source)},\n"operations": {\n${lines(table.operations)}\n},\n"shapes": {\n${lines(table.shapes)}\n}}\n`;
}

async function main(): Promise<void> {
  const packages = sitePackages();
  const version = readdirSync(packages)
    .map((name) => /^botocore-([\d.]+)\.dist-info$/.exec(name)?.[1])
    .find((found) => found !== undefined);
  if (version === undefined) throw new Error('no botocore in the Python environment');
  const stateDir = mkdtempSync(join(tmpdir(), 'constraints-'));
  const cloud = await LocalCloud.start({ stateDir });
  for (const { name, operations } of cloud.services) {
    const table = extractConstraints(name, botocoreModel(packages, name), Object.keys(operations), version);
    writeFileSync(join(TABLES, `${name}.json`), print(table));
  }
  await cloud.stop();
  rmSync(stateDir, { recursive: true, force: true });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
