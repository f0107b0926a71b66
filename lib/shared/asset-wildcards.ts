import type { WildcardExplanation } from '../policy/wildcards';

/** CDK's grant to read an asset writes action patterns on the bootstrap bucket, whose objects are named by their digest. */
export const ASSET_READ_WILDCARDS: readonly WildcardExplanation[] = [
  {
    pattern: /^Action::s3:(GetBucket|GetObject|List)\*$/,
    reason: "The patterns cover reading of assets; they come from CDK's own grant.",
  },
  { pattern: /:s3:::cdk-.*\/\*$/, reason: 'The bootstrap bucket holds nothing but assets, named by their digest.' },
];
