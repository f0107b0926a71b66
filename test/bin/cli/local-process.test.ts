import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '../../../bin/cli/local-process';
import { claimStateFolder } from '../../../bin/cli/state-folder';

test('a damaged store is told, with its log and a way out, and stays as it was', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'damaged-'));
  try {
    claimStateFolder(stateDir);
    const damaged = Buffer.alloc(65_536, 0x5a);
    writeFileSync(join(stateDir, 'store.mdb'), damaged);

    await expect(startLocal({ stateDir, port: 0, startAt: '2013-04-01T00:00:00.000Z', python: 'python3' })).rejects.toMatchObject(
      {
        message: expect.stringContaining('cannot start'),
        hint: expect.stringContaining('npx slipway local reset'),
      },
    );
    expect(readFileSync(join(stateDir, 'store.mdb')).subarray(0, 65_536).equals(damaged)).toBe(true);
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
});
