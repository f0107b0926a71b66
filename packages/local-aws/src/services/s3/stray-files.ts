import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Store } from './store';

/** Every file that an object, a version or a part has its bytes in. */
function filesInUse(store: S3Store): Set<string> {
  const files = new Set<string>();
  for (const table of [store.objects, store.versions, store.parts])
    for (const { value } of table.entries()) if (value.file !== undefined) files.add(value.file);
  return files;
}

/**
 * Removes the files that a killed server left: bytes whose object was never stored, and bytes whose object is erased. What is in use is
 * read at once, before this server writes its first object; files that this server has made are none of them.
 */
export async function removeStrayFiles(store: S3Store): Promise<void> {
  const inUse = filesInUse(store);
  for (const folder of await readdir(store.folder)) {
    // A folder made in this moment has nothing stray.
    const names = await readdir(join(store.folder, folder)).catch(() => []);
    for (const name of names) {
      const file = join(folder, name);
      if (!inUse.has(file) && !store.isOfThisServer(name)) await rm(join(store.folder, file), { force: true });
    }
  }
  store.forgetBegun();
}
