import { type Policy, parsePolicy } from '../../../../src/iam/policy/document';
import { evaluate } from '../../../../src/iam/policy/evaluate';
import { ACCOUNT, type Case, type Document } from './cases';

/** `A`llowed, refused because nothing allows (`I`), or by an explicit deny (`E`); `-`: not held to the other evaluator. */
export type Verdict = 'A' | 'I' | 'E' | '-';

const read = (document: Document): Policy => parsePolicy(JSON.stringify(document));

/** What the local AWS decides. */
export function ourVerdict({ who, target, context, identity, boundary, session, resource }: Case): Verdict {
  const values = Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat()] as const);
  const decision = evaluate(
    { principal: { ...who, account: ACCOUNT }, action: target.action, resource: target.resource, context: new Map(values) },
    {
      identity: identity.map(read),
      ...(boundary === undefined ? {} : { boundary: read(boundary) }),
      ...(session === undefined ? {} : { session: read(session) }),
      ...(resource === undefined ? {} : { resource: read(resource) }),
      ...(target.policy === 'must' ? { resourceMustAllow: true } : {}),
    },
  );
  if (decision.allowed) return 'A';
  return decision.explicit ? 'E' : 'I';
}
