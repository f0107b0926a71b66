import type { Case, Document } from './cases';

type Tree = unknown;

/** All trees that come of one by leaving out one entry of a list, one key of an object, or a list around one value. */
function* smaller(tree: Tree): Generator<Tree> {
  if (Array.isArray(tree)) {
    if (tree.length === 1) yield tree[0];
    for (const index of tree.keys()) if (tree.length > 1) yield tree.filter((_, at) => at !== index);
    for (const [index, part] of tree.entries())
      for (const less of smaller(part)) yield tree.map((one, at) => (at === index ? less : one));
  } else if (typeof tree === 'object' && tree !== null) {
    for (const key of Object.keys(tree)) yield Object.fromEntries(Object.entries(tree).filter(([name]) => name !== key));
    for (const [key, part] of Object.entries(tree)) for (const less of smaller(part)) yield { ...tree, [key]: less };
  }
}

function readable(one: Case): boolean {
  const documents = [...[one.identity ?? []].flat(), one.boundary, one.session, one.resource].filter(
    (document) => document !== undefined,
  );
  return (
    (one.target?.policy !== 'must' || one.resource !== undefined) &&
    Array.isArray(one.identity) &&
    one.who?.kind !== undefined &&
    one.target?.action !== undefined &&
    one.target.resource !== undefined &&
    one.context !== undefined &&
    documents.every((document: Document) => document.Version !== undefined && Array.isArray(document.Statement))
  );
}

/** The smallest case made of this one in which the two still differ. */
export async function shrunk(one: Case, differs: (smaller: Case) => Promise<boolean>): Promise<Case> {
  for (const less of smaller(one)) {
    const candidate = less as Case;
    if (!readable(candidate)) continue;
    if (JSON.stringify([candidate.who, candidate.target]) !== JSON.stringify([one.who, one.target])) continue;
    try {
      if (await differs(candidate)) return shrunk(candidate, differs);
    } catch {
      // Not a policy any more.
    }
  }
  return one;
}
