import type { ResourceType, Service } from '../cloud';
import { DIFFERENCES } from './differences';
import { operationSections } from './operations';
import { resourceTypeSections } from './resource-types';

const HEAD = `# What the local AWS does, and what it does not

Made by \`npm run fidelity\` from the handlers in \`src/services\`; not edited by hand. *Enforced* has AWS's meaning here. *Stored* is kept
and shown, without effect, for the reason given. *Refused* fails the deployment or the call, with its name. What AWS's schemas and models do
not know is refused too.
`;

function differenceSections(): string[] {
  return Object.entries(DIFFERENCES).flatMap(([area, lines]) => [`### ${area}`, '', ...lines.map((line) => `- ${line}`), '']);
}

function supportedOf(services: readonly Service[]): number {
  return services.reduce((sum, service) => sum + Object.keys(service.operations).length, 0);
}

/** The text of docs/fidelity.md; the same services always give the same text. */
export function fidelityDocument(services: readonly Service[]): string {
  const handlers: readonly ResourceType[] = services.flatMap((service) => service.resources ?? []);
  return [
    HEAD,
    '## Known differences',
    '',
    ...differenceSections(),
    `## CloudFormation: ${handlers.length} types`,
    '',
    'Custom resources (`Custom::*`, `AWS::CloudFormation::CustomResource`) run their function, with every property.',
    '',
    ...resourceTypeSections(handlers),
    `## Operations: ${supportedOf(services)} of ${services.length} services`,
    '',
    ...operationSections(services),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}
