import type { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib';

/** A pack of checks whose own failure is a finding: CDK takes a plugin that throws for one that found nothing. */
export class LoudChecks implements IPolicyValidationPlugin {
  readonly name: string;

  constructor(private readonly pack: IPolicyValidationPlugin) {
    this.name = pack.name;
  }

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    try {
      return this.pack.validate(context);
    } catch (error) {
      return {
        success: false,
        violations: [
          {
            ruleName: 'FailedPack',
            description: `${this.name} could not judge the templates: ${error instanceof Error ? error.message : String(error)}`,
            fix: 'Mend the pack or its explanations: nothing was checked by it.',
            severity: 'error',
            violatingResources: [{ constructPath: context.appConstruct.node.path || 'App', locations: [] }],
          },
        ],
      };
    }
  }
}
