import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

/** Tells the people on call. */
export type Notify = (subject: string, message: object) => Promise<void>;

/** Messages to the on-call topic. */
export function topicNotifier(client: SNSClient, topicArn: string): Notify {
  return async (subject, message) => {
    await client.send(
      new PublishCommand({ TopicArn: topicArn, Subject: subject.slice(0, 100), Message: JSON.stringify(message, null, 2) }),
    );
  };
}
