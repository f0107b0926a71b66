import type { Cloud } from '../../cloud';

export interface DestinationMessage {
  /** Body that the destination gets. */
  readonly body: object;
  /** For EventBridge: whether the invocation succeeded. */
  readonly succeeded: boolean;
  readonly functionArn: string;
}

interface Attributes {
  readonly [name: string]: { readonly DataType: string; readonly StringValue: string };
}

async function queueUrl(cloud: Cloud, arn: string, caller: ReturnType<Cloud['asRole']>): Promise<string> {
  const QueueName = arn.slice(arn.lastIndexOf(':') + 1);
  return (await cloud.call<{ QueueUrl: string }>('sqs', 'GetQueueUrl', { QueueName }, caller)).QueueUrl;
}

/** Sends text to a queue or topic in the role of a function. */
export async function sendText(
  cloud: Cloud,
  arn: string,
  text: string,
  role: { arn: string; session: string },
  MessageAttributes?: Attributes,
): Promise<void> {
  const caller = cloud.asRole(role.arn, role.session, 'lambda');
  const attributes = MessageAttributes === undefined ? {} : { MessageAttributes };
  if (arn.includes(':sqs:'))
    await cloud.call(
      'sqs',
      'SendMessage',
      { QueueUrl: await queueUrl(cloud, arn, caller), MessageBody: text, ...attributes },
      caller,
    );
  else await cloud.call('sns', 'Publish', { TopicArn: arn, Message: text, ...attributes }, caller);
}

/** Sends the record of an invocation to a destination (SQS, SNS, Lambda, EventBridge) in the role of the function. */
export async function sendToDestination(
  cloud: Cloud,
  arn: string,
  message: DestinationMessage,
  role: { arn: string; session: string },
): Promise<void> {
  const text = JSON.stringify(message.body);
  if (arn.includes(':sqs:') || arn.includes(':sns:')) return sendText(cloud, arn, text, role);
  const caller = cloud.asRole(role.arn, role.session, 'lambda');
  if (arn.includes(':lambda:')) {
    await cloud.call('lambda', 'Invoke', { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(text) }, caller);
    return;
  }
  const entry = {
    EventBusName: arn,
    Source: 'lambda',
    DetailType: `Lambda Function Invocation Result - ${message.succeeded ? 'Success' : 'Failure'}`,
    Resources: [arn, message.functionArn],
    Detail: text,
  };
  await cloud.call('events', 'PutEvents', { Entries: [entry] }, caller);
}
