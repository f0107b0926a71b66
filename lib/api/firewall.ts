import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Stage as ApiStage } from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Consumer, Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import { statefulRemoval } from '../shared/platform-stage';

export interface FirewallProps {
  /** Log retention and removal. */
  readonly stage: Stage;
  /** Whose plans say how much one address may ask. */
  readonly consumers: readonly Consumer[];
  /** Physical names of the stage. */
  readonly names: Names;
  /** Stage of the API that is guarded. */
  readonly apiStage: ApiStage;
  /** Key of the log group. */
  readonly logKey: IKey;
}

const WINDOW_SECONDS = 300;
/** A consumer may ask from one address all that its plan allows; what is beyond twice the largest plan is no consumer's. */
const HEADROOM = 2;
/** Least limit that WAF takes. */
const LEAST = 10;

/** Managed groups of rules, with those of their rules that only count. */
const MANAGED: readonly {
  readonly name: string;
  readonly metric: string;
  readonly group: string;
  readonly counted: readonly string[];
}[] = [
  {
    name: 'common',
    metric: 'Common',
    group: 'AWSManagedRulesCommonRuleSet',
    // Batches of events are larger than the 8 KB that the first allows, and the API has its own limit; programs often name no user agent.
    counted: ['SizeRestrictions_BODY', 'NoUserAgent_HEADER'],
  },
  { name: 'known-bad-inputs', metric: 'KnownBadInputs', group: 'AWSManagedRulesKnownBadInputsRuleSet', counted: [] },
  { name: 'reputation', metric: 'Reputation', group: 'AWSManagedRulesAmazonIpReputationList', counted: [] },
];

/** Requests that one address may send within the window. */
function addressLimit(consumers: readonly Consumer[]): number {
  const largest = Math.max(0, ...consumers.map(({ plan }) => plan.rate));
  return Math.max(LEAST, Math.ceil(HEADROOM * largest * WINDOW_SECONDS));
}

function visibility(metricName: string) {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}

function managedRules(): CfnWebACL.RuleProperty[] {
  return MANAGED.map(({ name, metric, group, counted }, at) => ({
    name,
    priority: at + 1,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name: group,
        ...(counted.length === 0
          ? {}
          : { ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })) }),
      },
    },
    visibilityConfig: visibility(metric),
  }));
}

/** Web ACL of the API's stage: AWS's managed rules and a rate per address, logged. */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const acl = this.createAcl(props);
    new CfnWebACLAssociation(this, 'Association', { webAclArn: acl.attrArn, resourceArn: props.apiStage.stageArn });
    this.createLogging(props, acl);
  }

  private createAcl({ names, consumers }: FirewallProps): CfnWebACL {
    return new CfnWebACL(this, 'Resource', {
      name: names.of('api'),
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('Api'),
      rules: [
        {
          name: 'rate-per-address',
          priority: 0,
          action: { block: {} },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: addressLimit(consumers),
              evaluationWindowSec: WINDOW_SECONDS,
            },
          },
          visibilityConfig: visibility('RatePerAddress'),
        },
        ...managedRules(),
      ],
    });
  }

  private createLogging(props: FirewallProps, acl: CfnWebACL): void {
    const logGroup = new LogGroup(this, 'Logs', {
      // AWS WAF writes only to log groups whose name begins so.
      logGroupName: `aws-waf-logs-${props.names.of('api')}`,
      encryptionKey: props.logKey,
      retention: props.stage.auditLogRetentionDays,
      removalPolicy: statefulRemoval(props.stage),
    });
    const arn = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: logGroup.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [arn],
      redactedFields: [{ singleHeader: { Name: 'authorization' } }],
    });
  }
}
