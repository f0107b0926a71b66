import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from '../../core/definition';

/** The definitions that this bundle was built with; they were checked at synthesis. */
export function loadPlatform(folder = __dirname): Platform {
  return JSON.parse(readFileSync(join(folder, 'platform.json'), 'utf8')) as Platform;
}
