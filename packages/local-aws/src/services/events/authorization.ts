import { ANY, actionsOn, type Input, named, passRole, type Right, type Rights } from '../../iam/rights';

/** Rights of EventBridge's operations. Source: Service Authorization Reference, "Amazon EventBridge". */
export const eventsRights: Rights = {
  ...actionsOn('events', [
    ['DescribeRule EnableRule DisableRule DeleteRule', ({ Name }: Input, scope) => named('events', 'rule/', Name, scope)],
    ['RemoveTargets ListTargetsByRule', ({ Rule }: Input, scope) => named('events', 'rule/', Rule, scope)],
    ['TagResource ListTagsForResource', ({ ResourceARN }: Input) => ResourceARN ?? '*'],
    ['ListRules ListRuleNamesByTarget TestEventPattern', ANY],
  ]),
  PutRule: ({ Name, RoleArn }, scope) => [
    { action: 'events:PutRule', resource: named('events', 'rule/', Name, scope) },
    ...passRole(RoleArn, 'events'),
  ],
  PutTargets: ({ Rule, Targets }, scope) => [
    { action: 'events:PutTargets', resource: named('events', 'rule/', Rule, scope) },
    ...((Targets ?? []) as Input[]).flatMap(({ RoleArn }) => passRole(RoleArn, 'events')),
  ],
  PutEvents: ({ Entries }, scope) =>
    ((Entries ?? []) as Input[]).map(
      ({ EventBusName, Source, DetailType }): Right => ({
        action: 'events:PutEvents',
        resource: named('events', 'event-bus/', EventBusName ?? 'default', scope),
        context: { 'events:source': Source ?? '', 'events:detail-type': DetailType ?? '' },
      }),
    ),
};
