import type { z } from 'zod';

/** One thing that is wrong in a definition, and where. */
export interface Problem {
  /** Dotted path with names instead of positions where the element has one, e.g. `models.churn.gates.auc.min`. */
  readonly path: string;
  readonly message: string;
}

/** Thrown once with every problem of a platform definition. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';

  constructor(readonly problems: readonly Problem[]) {
    const noun = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(`platform definition has ${noun}:\n${problems.map((p) => `  ${p.path}: ${p.message}`).join('\n')}`);
  }
}

/** A name that does not exist, with the names that do. */
export function unknown(path: string, what: string, allowed: readonly string[]): Problem {
  return { path, message: `unknown ${what}, allowed: ${allowed.length === 0 ? 'none' : allowed.join(', ')}` };
}

/** Turns zod's issues into problems whose paths name the element (`models.churn`) instead of its position. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], root: unknown): Problem[] {
  return issues.map((issue) => ({ path: renderPath(issue.path, root), message: lowerFirst(describe(issue, root)) }));
}

function describe(issue: z.core.$ZodIssue, root: unknown): string {
  const given = issue.path.reduce<unknown>(child, root);
  const shown = typeof given === 'string' || typeof given === 'number' ? `, given ${JSON.stringify(given)}` : '';
  return `${issue.message}${shown}`;
}

function renderPath(path: readonly PropertyKey[], root: unknown): string {
  let here = root;
  let text = '';
  for (const key of path) {
    const next = child(here, key);
    const named = typeof key === 'number' ? nameOf(next) : String(key);
    text += named === undefined ? `[${String(key)}]` : `${text === '' ? '' : '.'}${named}`;
    here = next;
  }
  return text === '' ? '(platform)' : text;
}

function child(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function nameOf(value: unknown): string | undefined {
  const name = child(value, 'name');
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
