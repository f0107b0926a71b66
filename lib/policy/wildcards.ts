import { CfnResource, type IPolicyValidationContext, type PolicyValidationPluginReport, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, rules } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** Why a role needs wildcards of one form; matched against cdk-nag's finding, e.g. `Resource::arn:...:endpoint-config/*`. */
export interface WildcardExplanation {
  readonly pattern: RegExp;
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

  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    acknowledgeWildcards(this.root);
    return super.validate(context);
  }
}

/**
 * Acknowledges each wildcard finding of cdk-nag that is explained, on its own resource and by its exact id. Throws with every
 * explanation that explains nothing any more.
 */
function acknowledgeWildcards(root: IConstruct): void {
  const unused: string[] = [];
  for (const scope of root.node.findAll()) {
    for (const { pattern, reason } of explanations.get(scope) ?? []) {
      const found = scope.node
        .findAll()
        .filter(CfnResource.isCfnResource)
        .flatMap((resource) => findings(resource).map((finding) => ({ resource, finding })));
      const explained = found.filter(({ finding }) => pattern.test(finding));
      for (const { resource, finding } of explained) Validations.of(resource).acknowledge({ id: `${RULE}[${finding}]`, reason });
      if (explained.length === 0) unused.push(`${scope.node.path}: ${pattern}`);
    }
  }
  if (unused.length > 0) throw new Error(`explanations of wildcards that are not needed:\n${unused.join('\n')}`);
}

function findings(resource: CfnResource): readonly string[] {
  const result: unknown = rules.iam.IAMNoWildcardPermissions(resource);
  return Array.isArray(result) ? result.map(String) : [];
}
