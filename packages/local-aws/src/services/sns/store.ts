import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';

export interface TopicRecord {
  readonly arn: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

export interface SubscriptionRecord {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** Email addresses never confirm here: there is no mailbox. */
  readonly pending: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Topics and their subscriptions. */
export class TopicStore {
  readonly topics: Table<TopicRecord>;
  private readonly subscriptions: Table<SubscriptionRecord>;

  constructor(private readonly cloud: Cloud) {
    this.topics = cloud.storage.table('sns/topics');
    this.subscriptions = cloud.storage.table('sns/subscriptions');
  }

  arn(name: string): string {
    return `arn:aws:sns:${this.cloud.region}:${this.cloud.account}:${name}`;
  }

  topic(arn: string | undefined): TopicRecord {
    if (arn === undefined || !/^arn:[^:]+:sns:[^:]*:\d{12}:[\w-]+(\.fifo)?$/.test(arn))
      throw new AwsError('InvalidParameterException', 'Invalid parameter: TopicArn');
    const record = this.topics.get(arn);
    if (record === undefined) throw new AwsError('NotFoundException', 'Topic does not exist');
    return record;
  }

  subscription(arn: string | undefined): SubscriptionRecord {
    const split = (arn ?? '').lastIndexOf(':');
    const record = this.subscriptions.get([(arn ?? '').slice(0, split), (arn ?? '').slice(split + 1)]);
    if (record === undefined) throw new AwsError('NotFoundException', 'Subscription does not exist');
    return record;
  }

  subscriptionsOf(topicArn: string): SubscriptionRecord[] {
    return [...this.subscriptions.under([topicArn])].map(({ value }) => value);
  }

  allSubscriptions(): SubscriptionRecord[] {
    return [...this.subscriptions.entries()].map(({ value }) => value);
  }

  putSubscription(record: SubscriptionRecord): Promise<void> {
    return this.subscriptions.put([record.topicArn, record.arn.slice(record.arn.lastIndexOf(':') + 1)], record);
  }

  removeSubscription(record: SubscriptionRecord): Promise<void> {
    return this.subscriptions.remove([record.topicArn, record.arn.slice(record.arn.lastIndexOf(':') + 1)]);
  }
}
