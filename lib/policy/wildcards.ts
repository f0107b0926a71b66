import {
  CfnResource,
  type IPolicyValidationContext,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Validations,
} from 'aws-cdk-lib';
import { AwsSolutionsChecks, rules } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** Why a role needs wildcards of one form; matched against cdk-nag's finding, e.g. `Resource::arn:...:endpoint-config/*`. */
export interface WildcardExplanation {
  /** Matches the findings that it explains. */
  readonly pattern: RegExp;
  /** Why it is right, for a reviewer to judge. */
  readonly reason: string;
}

const RULE = 'AwsSolutions-IAM5';
const MIN_REASON = 20;
const explanations = new WeakMap<IConstruct, WildcardExplanation[]>();

/** Explains wildcards in the policies below a construct. Throws on a reason that says nothing. */
export function explainWildcards(scope: IConstruct, list: readonly WildcardExplanation[]): void {
  for (const { pattern, reason } of list) {
    if (reason.length < MIN_REASON)
      throw new Error(`${scope.node.path}: the reason for ${pattern} needs at least ${MIN_REASON} characters, given '${reason}'`);
  }
  explanations.set(scope, [...(explanations.get(scope) ?? []), ...list]);
}

/** cdk-nag's AWS Solutions pack, which takes explained wildcards as acknowledged; their ids are known only after synthesis. */
export class ExplainedSolutionsChecks extends AwsSolutionsChecks {
  constructor(private readonly root: IConstruct) {
    super(root);
  }

  /** Reports explanations that explain nothing as violations: CDK takes a plugin that throws for one that found nothing. */
  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const unneeded = acknowledgeWildcards(this.root);
    const report = super.validate(context);
    return unneeded.length === 0
      ? report
      : { ...report, success: false, violations: [...report.violations, ...unneeded.map(unneededViolation)] };
  }
}

/** An explanation that explains nothing any more, and where it was given. */
interface UnneededExplanation {
  readonly scope: IConstruct;
  readonly pattern: RegExp;
}

/** Acknowledges each wildcard finding of cdk-nag that is explained, on its own resource and by its exact id. Gives what explains nothing. */
function acknowledgeWildcards(root: IConstruct): readonly UnneededExplanation[] {
  const unneeded: UnneededExplanation[] = [];
  for (const scope of root.node.findAll()) {
    const found = explanations.has(scope) ? wildcardsBelow(scope) : [];
    for (const { pattern, reason } of explanations.get(scope) ?? []) {
      const explained = found.filter(({ finding }) => pattern.test(finding));
      for (const { resource, finding } of explained) Validations.of(resource).acknowledge({ id: `${RULE}[${finding}]`, reason });
      if (explained.length === 0) unneeded.push({ scope, pattern });
    }
  }
  return unneeded;
}

function wildcardsBelow(scope: IConstruct): readonly { readonly resource: CfnResource; readonly finding: string }[] {
  return scope.node
    .findAll()
    .filter(CfnResource.isCfnResource)
    .flatMap((resource) => findings(resource).map((finding) => ({ resource, finding })));
}

function unneededViolation({ scope, pattern }: UnneededExplanation): PolicyViolation {
  return {
    ruleName: 'UnneededWildcardExplanation',
    description: `no wildcard below ${scope.node.path} matches ${pattern}`,
    fix: 'Remove the explanation, or give it on the construct that holds the policy.',
    severity: 'error',
    violatingResources: [{ constructPath: scope.node.path, locations: [] }],
  };
}

function findings(resource: CfnResource): readonly string[] {
  const result: unknown = rules.iam.IAMNoWildcardPermissions(resource);
  return Array.isArray(result) ? result.map(String) : [];
}
