import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What is changed together, and the tests that must notice. */
export interface Area {
  /** `core/drift`; `core` itself is the files that lie directly in it. */
  readonly name: string;
  /** Paths from the root of the project. */
  readonly sources: readonly string[];
  /** The area's mirror in `test/`: paths from the root of the project. */
  readonly tests: readonly string[];
}

/** Every area, by the folders of `core/`. */
export function areaNames(root: string): string[] {
  const folders = readdirSync(join(root, 'core'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return ['core', ...folders.map(({ name }) => `core/${name}`)];
}

/** Throws a `RangeError` with the areas there are when there is none of this name. */
export function areaOf(root: string, name: string): Area {
  const plain = name.replace(/\/$/, '');
  const allowed = areaNames(root);
  if (!allowed.includes(plain)) throw new RangeError(`no area '${name}', allowed: ${allowed.join(', ')}`);
  const recursive = plain !== 'core';
  return {
    name: plain,
    sources: filesOf(root, plain, recursive, (file) => file.endsWith('.ts')),
    tests: filesOf(root, join('test', plain), recursive, (file) => file.endsWith('.test.ts')),
  };
}

function filesOf(root: string, folder: string, recursive: boolean, wanted: (file: string) => boolean): string[] {
  try {
    return readdirSync(join(root, folder), { recursive, withFileTypes: true })
      .filter((entry) => entry.isFile() && wanted(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
