import { Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Platform, Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import { acknowledge } from '../shared/acknowledge';

export interface OnCallProps {
  /** Names the budget's tag. */
  readonly platform: Platform;
  /** Addresses and budget. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Key that encrypts notifications. */
  readonly key: IKey;
}

/** Where people hear of what the platform cannot settle itself, and of money. */
export class OnCall extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: OnCallProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Resource', { topicName: props.names.of('on-call'), masterKey: props.key, enforceSSL: true });
    for (const address of props.stage.onCall) {
      const subscription = this.topic.addSubscription(new EmailSubscription(address));
      acknowledge(subscription, [
        [
          'Serverless-SNSRedrivePolicy',
          'E-mail is the end of the chain: what cannot be mailed also stands in the ledger and on the dashboard.',
        ],
      ]);
    }
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('budgets.amazonaws.com'), new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    this.createBudget(props);
  }

  private createBudget(props: OnCallProps): void {
    const alert = (threshold: number, type: 'ACTUAL' | 'FORECASTED') => ({
      notification: { comparisonOperator: 'GREATER_THAN', notificationType: type, threshold, thresholdType: 'PERCENTAGE' },
      subscribers: [{ subscriptionType: 'SNS', address: this.topic.topicArn }],
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: props.names.of('monthly'),
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: props.stage.monthlyBudgetUsd, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:platform$${props.platform.name}`] },
      },
      notificationsWithSubscribers: [alert(80, 'ACTUAL'), alert(100, 'FORECASTED')],
    });
  }
}
