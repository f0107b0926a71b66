import type { App, IPolicyValidationPlugin } from 'aws-cdk-lib';
import { ServerlessChecks } from 'cdk-nag';
import { LoudChecks } from './loud-checks';
import { ExplainedSolutionsChecks } from './wildcards';

/** The packs that judge every template at synthesis. */
export function policyPacks(app: App): IPolicyValidationPlugin[] {
  return [new ExplainedSolutionsChecks(app), new ServerlessChecks(app)].map((pack) => new LoudChecks(pack));
}
