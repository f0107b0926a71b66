import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { type History, historySchema, type Platform, parsePlatform } from '../../core/definition';
import { Failure } from './failure';
import { DEFAULT_PLATFORM, ROOT } from './paths';

/** A platform's definitions, and where they came from. */
export interface LoadedPlatform {
  /** Absolute path of the folder. */
  readonly folder: string;
  readonly platform: Platform;
  /** Recorded events; undefined for a platform without any. */
  readonly history: History | undefined;
}

const exportsSchema = z.looseObject({ platform: z.unknown().optional(), history: z.unknown().optional() });

/**
 * Reads the definitions of a folder: its `index.ts` exports `platform` and, where events are recorded, `history`.
 *
 * @param folder relative to the working directory, or to the repository for the default
 * @throws Failure that says what is wrong, with every problem of the definitions
 */
export async function loadPlatform(folder: string = DEFAULT_PLATFORM): Promise<LoadedPlatform> {
  const path = existsSync(resolve(folder)) ? resolve(folder) : resolve(ROOT, folder);
  const file = join(path, 'index.ts');
  if (!existsSync(file))
    throw new Failure(
      `--platform: ${file} does not exist`,
      2,
      'Name a folder whose index.ts exports a platform, such as examples/all.',
    );
  const exported = exportsSchema.parse(await importDefinitions(file));
  if (exported.platform === undefined)
    throw new Failure(`--platform: ${file} exports no 'platform'`, 2, 'export const platform = definePlatform({ ... })');
  return {
    folder: path,
    platform: checked(file, () => parsePlatform(exported.platform)),
    history: historyOf(file, exported.history),
  };
}

/** The option that leads to the same folder again, for hints; empty for the default. */
export function platformOption({ folder }: LoadedPlatform): string {
  const shown = relative(process.cwd(), folder);
  return folder === join(ROOT, DEFAULT_PLATFORM) ? '' : ` --platform ${shown.startsWith('..') ? folder : shown}`;
}

async function importDefinitions(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    throw problemsOf(file, error);
  }
}

function checked<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw problemsOf(file, error);
  }
}

function problemsOf(file: string, error: unknown): unknown {
  if (error instanceof Error && error.name === 'DefinitionError')
    return new Failure(error.message, 1, undefined, { problems: problemsIn(error) });
  const message = error instanceof Error ? error.message : String(error);
  return new Failure(`${file} cannot be read: ${message}`, 1, 'The definitions are data: nothing in them may fail.');
}

/** Definitions outside the repository bring a class of their own, so the name decides and not the class. */
function problemsIn(error: Error): unknown {
  return Reflect.get(error, 'problems') ?? [];
}

function historyOf(file: string, history: unknown): History | undefined {
  if (history === undefined) return undefined;
  const parsed = historySchema.safeParse(history);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `history.${issue.path.join('.')}: ${issue.message}`);
  throw new Failure(`${file}: ${problems.join('; ')}`, 1);
}
