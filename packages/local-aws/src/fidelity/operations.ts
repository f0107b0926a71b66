import type { Service } from '../cloud';
import { sdkModel } from '../wire/sdk-model';

function section(service: Service): string[] {
  const supported = Object.keys(service.operations).sort();
  const refused = [...sdkModel(service.sdk).operations.keys()].filter((name) => service.operations[name] === undefined).sort();
  return [
    `### ${service.name}`,
    '',
    `- client: ${service.sdk}`,
    `- supported (${supported.length}): ${supported.join(', ')}`,
    ...(refused.length === 0 ? [] : [`- refused (${refused.length}): ${refused.join(', ')}`]),
    '',
  ];
}

/** One section for each service: the operations of AWS's model that work here, and those that are refused. */
export function operationSections(services: readonly Service[]): string[] {
  return [...services].sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap(section);
}
