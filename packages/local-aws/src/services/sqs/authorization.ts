import { ANY, actionsOn, arnOf, type Input, type Rights, type Scope } from '../../iam/rights';

function queueArn(url: string | undefined, scope: Scope): string {
  return arnOf('sqs', scope, (url ?? '').slice((url ?? '').lastIndexOf('/') + 1));
}

const batched = (action: string) => (input: Input, scope: Scope) => [
  { action: `sqs:${action}`, resource: queueArn(input.QueueUrl, scope) },
];

/** Rights of SQS' operations: a batch needs the right of the single call. Source: Service Authorization Reference, "Amazon SQS". */
export const sqsRights: Rights = {
  ...actionsOn('sqs', [
    ['CreateQueue GetQueueUrl', ({ QueueName }: Input, scope) => arnOf('sqs', scope, QueueName ?? '')],
    [
      `DeleteQueue GetQueueAttributes SetQueueAttributes PurgeQueue ListDeadLetterSourceQueues TagQueue UntagQueue ListQueueTags
       SendMessage ReceiveMessage DeleteMessage ChangeMessageVisibility`,
      ({ QueueUrl }: Input, scope) => queueArn(QueueUrl, scope),
    ],
    ['ListQueues', ANY],
  ]),
  SendMessageBatch: batched('SendMessage'),
  DeleteMessageBatch: batched('DeleteMessage'),
  ChangeMessageVisibilityBatch: batched('ChangeMessageVisibility'),
};
