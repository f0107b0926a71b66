import type { ResourceType } from '../cloud';
import { resourceSchema } from '../services/cloudformation/schema';

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' ');

/** Stored properties with their reasons; those of one reason together. */
function storedLines(stored: Readonly<Record<string, string>>): string[] {
  const byReason = new Map<string, string[]>();
  for (const [name, reason] of Object.entries(stored).sort(([a], [b]) => (a < b ? -1 : 1)))
    byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  return [...byReason].map(([reason, names]) => `- stored: ${code(names)}: ${reason}`);
}

function section(handler: ResourceType): string[] {
  const known = new Set([...handler.enforced, ...Object.keys(handler.stored)]);
  const refused = Object.keys(resourceSchema(handler.type)?.properties ?? {}).filter((name) => !known.has(name));
  return [
    `### ${handler.type}`,
    '',
    ...(handler.enforced.length === 0 ? [] : [`- enforced: ${code([...handler.enforced].sort())}`]),
    ...storedLines(handler.stored),
    ...(refused.length === 0 ? [] : [`- refused: ${code(refused.sort())}`]),
    '',
  ];
}

/** One section for each CloudFormation type: which properties have their meaning, which are only kept, which fail a deployment. */
export function resourceTypeSections(handlers: readonly ResourceType[]): string[] {
  return [...handlers].sort((a, b) => (a.type < b.type ? -1 : 1)).flatMap(section);
}
