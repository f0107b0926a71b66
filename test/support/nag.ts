import type { App, IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib';

/** What a pack of checks says of an app, without a synthesis. */
export function check(app: App, pack: IPolicyValidationPlugin): PolicyValidationPluginReport {
  const context: Pick<IPolicyValidationContext, 'templatePaths' | 'appConstruct'> = { templatePaths: [], appConstruct: app };
  return pack.validate(context as IPolicyValidationContext);
}

/** Findings of a report: the rule, and the construct that breaks it. */
export function findings({ violations }: PolicyValidationPluginReport): string[] {
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName} ${String(constructPath)}`),
  );
}
