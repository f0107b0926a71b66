import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { badRequest } from './store';

/** How the value of a patch path is read; `list` paths end in the element itself, a `group` can only be removed. */
export type PatchKind = 'text' | 'number' | 'boolean' | 'list' | 'group';

/** Patchable paths of a record; `*` stands for one segment of any name. */
export type PatchFields = Readonly<Record<string, PatchKind>>;

type Tree = { [name: string]: unknown };

const unescaped = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return wanted.length === given.length && wanted.every((part, index) => part === '*' || part === given[index]);
}

function parseValue(kind: PatchKind, path: string, value: string | undefined): unknown {
  if (kind === 'text' || kind === 'list') return value ?? '';
  if (kind === 'boolean') return value === 'true';
  const number = Number(value);
  if (value === undefined || Number.isNaN(number))
    throw badRequest(`Invalid patch value '${value}' specified for path ${path}. Must be a number`);
  return number;
}

function applyOne(target: Tree, segments: readonly string[], kind: PatchKind, operation: PatchOperation): void {
  const path = operation.path ?? '';
  let at = target;
  const parents = segments.slice(0, -1);
  const last = segments.at(-1) ?? '';
  if (kind === 'list') {
    const name = parents[0] ?? '';
    const list = (at[name] as readonly string[] | undefined) ?? [];
    const rest = list.filter((item) => item !== last);
    at[name] = operation.op === 'remove' ? rest : [...rest, last];
    return;
  }
  for (const name of parents) {
    const next = { ...(at[name] as Tree | undefined) };
    at[name] = next;
    at = next;
  }
  if (operation.op === 'remove') delete at[last];
  else at[last] = parseValue(kind, path, operation.value);
}

/** Applies the patch operations of an Update call. Throws `BadRequestException` on a path that cannot be patched here. */
export function applyPatch<R extends object>(record: R, patches: readonly PatchOperation[] | undefined, fields: PatchFields): R {
  const copy = { ...record } as Tree;
  for (const operation of patches ?? []) {
    const path = operation.path ?? '';
    const pattern = Object.keys(fields).find((candidate) => fits(candidate, path));
    const kind = pattern === undefined ? undefined : fields[pattern];
    const operations = kind === 'group' ? ['remove'] : ['add', 'replace', 'remove'];
    if (kind === undefined || !operations.includes(operation.op ?? '')) {
      const allowed = Object.keys(fields).join(', ');
      throw badRequest(`Invalid patch path '${path}' specified for op '${operation.op}'. Must be one of: [${allowed}]`);
    }
    applyOne(copy, path.slice(1).split('/').map(unescaped), kind, operation);
  }
  return copy as R;
}

/** The patch operations that bring the values of `fields` from `before` to `after` (maps and scalars of one level). */
export function patchBetween(path: string, before: unknown, after: unknown): PatchOperation[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (after === undefined || after === null) return [{ op: 'remove', path }];
  return [{ op: 'replace', path, value: String(after) }];
}

/** As `patchBetween`, for each entry of a map. */
export function patchMap(
  path: string,
  before: Readonly<Record<string, unknown>> | undefined,
  after: Readonly<Record<string, unknown>> | undefined,
): PatchOperation[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names].flatMap((name) => {
    const escaped = name.replaceAll('~', '~0').replaceAll('/', '~1');
    return patchBetween(`${path}/${escaped}`, before?.[name], after?.[name]);
  });
}

/** A copy without members that are undefined. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
