import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { WildcardExplanation } from '../policy/wildcards';
import { acknowledge } from './acknowledge';

export interface DeadLettersProps {
  /** Key that encrypts the messages. */
  readonly key: IKey;
  /** Physical name. */
  readonly queueName: string;
}

/** CDK's grant for an encrypted queue writes two action patterns of the queue's own key. */
export const QUEUE_KEY_WILDCARDS: readonly WildcardExplanation[] = [
  {
    pattern: /^Action::kms:(GenerateDataKey|ReEncrypt)\*$/,
    reason: "The patterns cover the variants of one action on the queue's own key.",
  },
];

/** A queue for what could not be handled, kept two weeks for people to look at. */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: DeadLettersProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Resource', {
      queueName: props.queueName,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.queue, [
      ['AwsSolutions-SQS3', 'This queue is itself the dead-letter queue of its producers.'],
      ['Serverless-SQSRedrivePolicy', 'This queue is itself the dead-letter queue of its producers.'],
    ]);
  }
}
