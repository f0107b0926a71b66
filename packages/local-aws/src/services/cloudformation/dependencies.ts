import { intrinsicOf, subNames } from './intrinsics';
import { type Json, type Template, templateError } from './template';

interface Reference {
  readonly id: string;
  readonly kind: 'Ref' | 'GetAtt';
}

/** What one intrinsic call refers to itself. */
export function referencesOfCall(name: string, argument: Json): Reference[] {
  if (name === 'Ref') return [{ id: String(argument), kind: 'Ref' }];
  if (name === 'Fn::GetAtt')
    return [{ id: String(Array.isArray(argument) ? argument[0] : String(argument).split('.')[0]), kind: 'GetAtt' }];
  if (name !== 'Fn::Sub') return [];
  const [text, variables] = Array.isArray(argument)
    ? [String(argument[0]), Object.keys((argument[1] ?? {}) as object)]
    : [String(argument), []];
  return subNames(text)
    .filter((reference) => !variables.includes(reference) && !reference.startsWith('AWS::'))
    .map((reference) => ({ id: reference.split('.')[0] ?? '', kind: reference.includes('.') ? 'GetAtt' : 'Ref' }));
}

/** Everything that `value` refers to by Ref, GetAtt or Sub, in both branches of an If. */
export function references(value: Json): Reference[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  const name = intrinsicOf(value);
  const own = name === undefined ? [] : referencesOfCall(name, (value as Record<string, Json>)[name]);
  return [...own, ...Object.values(value).flatMap(references)];
}

function explicit(dependsOn: string | readonly string[] | undefined): readonly string[] {
  if (dependsOn === undefined) return [];
  return typeof dependsOn === 'string' ? [dependsOn] : dependsOn;
}

/** Checks what the graph of resources does not see: that outputs refer to what exists, and conditions to conditions. */
export function checkBlocks(template: Template): void {
  const known = (id: string): boolean => id in template.Resources || id in (template.Parameters ?? {}) || id.startsWith('AWS::');
  const dangling = references(template.Outputs ?? {}).filter(({ id }) => !known(id));
  if (dangling.length > 0)
    throw templateError(
      `Template format error: Unresolved resource dependencies [${[...new Set(dangling.map(({ id }) => id))].join(', ')}] in the Outputs block of the template`,
    );
  for (const block of ['Resources', 'Outputs'] as const) {
    const missing = Object.values(template[block] ?? {})
      .flatMap(({ Condition }) => Condition ?? [])
      .find((name) => !(name in (template.Conditions ?? {})));
    if (missing !== undefined)
      throw templateError(
        `Template format error: Unresolved condition dependency ${missing} in the ${block} block of the template`,
      );
  }
}

/** Resources each resource depends on. Throws for references to what the template does not define. */
export function dependencyGraph(template: Template, present: ReadonlySet<string>): Map<string, Set<string>> {
  const known = (id: string): boolean => id in template.Resources || id in (template.Parameters ?? {}) || id.startsWith('AWS::');
  const graph = new Map<string, Set<string>>();
  const unresolved = new Set<string>();
  for (const id of present) {
    const resource = template.Resources[id];
    const edges = new Set<string>();
    for (const reference of references(resource?.Properties ?? {})) {
      if (reference.kind === 'GetAtt' && !(reference.id in template.Resources))
        throw templateError(`Template error: instance of Fn::GetAtt references undefined resource ${reference.id}`);
      if (!known(reference.id)) unresolved.add(reference.id);
      if (present.has(reference.id)) edges.add(reference.id);
    }
    for (const other of explicit(resource?.DependsOn)) {
      if (!(other in template.Resources)) unresolved.add(other);
      if (present.has(other)) edges.add(other);
    }
    graph.set(id, edges);
  }
  if (unresolved.size > 0)
    throw templateError(
      `Template format error: Unresolved resource dependencies [${[...unresolved].join(', ')}] in the Resources block of the template`,
    );
  return graph;
}

/** Ids in an order in which each comes after all it depends on. Throws on a cycle, naming its members. */
export function creationOrder(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string, path: readonly string[]): void => {
    if (state.get(id) === 'done') return;
    if (state.get(id) === 'open')
      throw templateError(`Circular dependency between resources: [${path.slice(path.indexOf(id)).join(', ')}]`);
    state.set(id, 'open');
    for (const other of graph.get(id) ?? []) visit(other, [...path, id]);
    state.set(id, 'done');
    order.push(id);
  };
  for (const id of graph.keys()) visit(id, []);
  return order;
}
