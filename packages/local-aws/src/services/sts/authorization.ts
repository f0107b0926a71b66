import type { Rights } from '../../iam/rights';

/** Rights of STS' operations. Whether a role may be assumed is the role's trust policy's to say: the operation asks it. */
export const stsRights: Rights = {
  AssumeRole: () => [],
  GetCallerIdentity: () => [],
};
