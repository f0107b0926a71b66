import { Aws, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import { arnOf } from '../shared/arns';
import { statefulRemoval } from '../shared/platform-stage';

export interface DataKeysProps {
  /** Removal. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
}

/** One customer-managed key per class of data, rotated yearly. */
export class DataKeys extends Construct {
  /** Events, lake objects and query results. */
  readonly lake: Key;
  /** Tiles and feature records. */
  readonly features: Key;
  /** Artefacts, training volumes and endpoints. */
  readonly models: Key;
  /** Log groups, notifications and dead letters. */
  readonly logs: Key;

  constructor(scope: Construct, id: string, props: DataKeysProps) {
    super(scope, id);
    const key = (name: string, holds: string): Key =>
      new Key(this, name, {
        description: `${props.names.of(name.toLowerCase())}: ${holds}`,
        alias: props.names.of(name.toLowerCase()),
        enableKeyRotation: true,
        removalPolicy: statefulRemoval(props.stage),
      });
    this.lake = key('Lake', 'events, lake objects and query results');
    this.features = key('Features', 'tiles and feature records');
    this.models = key('Models', 'artefacts, training volumes and endpoints');
    this.logs = key('Logs', 'log groups, notifications and dead letters');
    this.allowLogGroups();
    this.allowAlarms();
  }

  private allowLogGroups(): void {
    this.logs.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arnOf('logs', 'log-group:*') },
        },
      }),
    );
  }

  /** Alarms publish to the encrypted on-call topic, and rules to encrypted dead-letter queues. */
  private allowAlarms(): void {
    const { account } = Stack.of(this);
    for (const service of ['cloudwatch.amazonaws.com', 'events.amazonaws.com', 'budgets.amazonaws.com']) {
      this.logs.addToResourcePolicy(
        new PolicyStatement({
          effect: Effect.ALLOW,
          principals: [new ServicePrincipal(service)],
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: ['*'],
          conditions: { StringEquals: { 'aws:SourceAccount': account } },
        }),
      );
    }
  }
}
