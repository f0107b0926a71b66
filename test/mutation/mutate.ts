import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Area } from './areas';
import { changesOf } from './changes';
import { type TrialOptions, type Tried, tryChanges } from './trials';

/** Tries every change of an area. What is written lies in a folder of its own that is removed; the project's files stay as they are. */
export async function mutate(root: string, area: Area, options: Pick<TrialOptions, 'processes' | 'progress'>): Promise<Tried[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mutation-'));
  try {
    const changes = await changesOf(root, area.sources, folder);
    return await tryChanges(area, changes, { ...options, root, folder });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
