import { ANY, actionsOn, arnOf, type Input, type Rights, type RightsOf } from '../../iam/rights';

const topicOf = (subscription: string | undefined): string => (subscription ?? '').split(':').slice(0, 6).join(':');

const published: RightsOf = (input) => [{ action: 'sns:Publish', resource: input.TopicArn ?? input.TargetArn ?? '*' }];

/** Rights of SNS' operations. Source: Service Authorization Reference, "Amazon SNS". */
export const snsRights: Rights = {
  ...actionsOn('sns', [
    ['CreateTopic', ({ Name }: Input, scope) => arnOf('sns', scope, Name ?? '')],
    ['DeleteTopic GetTopicAttributes SetTopicAttributes ListSubscriptionsByTopic', ({ TopicArn }: Input) => TopicArn ?? '*'],
    ['TagResource UntagResource ListTagsForResource', ({ ResourceArn }: Input) => ResourceArn ?? '*'],
    ['Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes', ({ SubscriptionArn }: Input) => topicOf(SubscriptionArn)],
    ['ListTopics ListSubscriptions', ANY],
  ]),
  Subscribe: (input) => [
    {
      action: 'sns:Subscribe',
      resource: input.TopicArn ?? '*',
      context: { 'sns:Protocol': input.Protocol ?? '', 'sns:Endpoint': input.Endpoint ?? '' },
    },
  ],
  Publish: published,
  PublishBatch: published,
};
