import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Stage as ApiStage } from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import { statefulRemoval } from '../shared/platform-stage';

export interface FirewallProps {
  /** Rate per address, log retention and removal. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Stage of the API that is guarded. */
  readonly apiStage: ApiStage;
  /** Key of the log group. */
  readonly logKey: IKey;
}

const WINDOW_SECONDS = 300;

/** Web ACL of the API's stage: AWS's common rules and a rate per address, logged. */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const acl = this.createAcl(props);
    new CfnWebACLAssociation(this, 'Association', { webAclArn: acl.attrArn, resourceArn: props.apiStage.stageArn });
    this.createLogging(props, acl);
  }

  private createAcl({ names, stage }: FirewallProps): CfnWebACL {
    const visibilityConfig = (metricName: string) => ({
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
      metricName,
    });
    return new CfnWebACL(this, 'Resource', {
      name: names.of('api'),
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibilityConfig('Api'),
      rules: [
        {
          name: 'rate-per-address',
          priority: 0,
          action: { block: {} },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: stage.waf.requestsPer5MinutesPerIp,
              evaluationWindowSec: WINDOW_SECONDS,
            },
          },
          visibilityConfig: visibilityConfig('RatePerAddress'),
        },
        {
          name: 'common',
          priority: 1,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              // Batches of events are larger than the 8 KB that this rule allows; the API has its own limit.
              ruleActionOverrides: [{ name: 'SizeRestrictions_BODY', actionToUse: { count: {} } }],
            },
          },
          visibilityConfig: visibilityConfig('Common'),
        },
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
