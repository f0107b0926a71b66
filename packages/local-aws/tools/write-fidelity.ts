import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fidelityDocument } from '../src/fidelity/document';
import { LocalCloud } from '../src/server';

// `npm run fidelity`: writes docs/fidelity.md from the services as they are.

const FILE = join(__dirname, '..', 'docs', 'fidelity.md');

async function main(): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), 'fidelity-'));
  const cloud = await LocalCloud.start({ stateDir });
  try {
    writeFileSync(FILE, fidelityDocument(cloud.services));
  } finally {
    await cloud.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
