import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import { statefulRemoval } from '../shared/platform-stage';

export interface ModelTablesProps {
  /** Removal. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Key of the models' data class. */
  readonly key: IKey;
}

// Grants hold what the code behind them does; the whole-loop test finds an action that nothing needs.
const RUN_ACTIONS = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'];
const MONITORING_ACTIONS = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:BatchWriteItem',
];

/** The ledger of every model (what happened, and why) and the windows that monitoring counts. */
export class ModelTables extends Construct {
  readonly ledger: Table;
  readonly monitoring: Table;
  private readonly key: IKey;

  constructor(scope: Construct, id: string, props: ModelTablesProps) {
    super(scope, id);
    this.key = props.key;
    const removal = statefulRemoval(props.stage);
    this.ledger = this.createTable('Ledger', props.names.ledgerTable, removal);
    this.monitoring = this.createTable('Monitoring', props.names.monitoringTable, removal, 'expires');
  }

  /** Append to the ledger. */
  grantAppend(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:PutItem'], this.ledger);
  }

  /** Append to the ledger and keep leases and runs. */
  grantRuns(grantee: IGrantable): void {
    this.grant(grantee, RUN_ACTIONS, this.ledger);
  }

  /** As for runs, and keep roll-outs, which end. */
  grantRollouts(grantee: IGrantable): void {
    this.grant(grantee, [...RUN_ACTIONS, 'dynamodb:DeleteItem'], this.ledger);
  }

  /** Count predictions and outcomes. */
  grantMonitoring(grantee: IGrantable): void {
    this.grant(grantee, MONITORING_ACTIONS, this.monitoring);
  }

  /** Read what was counted, from an instant on. */
  grantReadMonitoring(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:Query'], this.monitoring);
  }

  private grant(grantee: IGrantable, actions: string[], table: Table): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [table.tableArn] });
    Grant.addToPrincipal({ grantee, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resourceArns: [this.key.keyArn] });
  }

  private createTable(id: string, tableName: string, removalPolicy: RemovalPolicy, timeToLiveAttribute?: string): Table {
    return new Table(this, id, {
      tableName,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy,
      ...(timeToLiveAttribute === undefined ? {} : { timeToLiveAttribute }),
    });
  }
}
