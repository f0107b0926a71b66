import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';

interface Listed {
  readonly Targets: readonly { readonly Id: string }[];
}

function numbered(policy: ResourceProperties): object {
  return Object.fromEntries(Object.entries(policy).map(([name, value]) => [name, Number(value)]));
}

function target(given: ResourceProperties): object {
  return given.RetryPolicy === undefined ? given : { ...given, RetryPolicy: numbered(given.RetryPolicy) };
}

async function put(name: string, properties: ResourceProperties, context: ResourceContext): Promise<ResourceOutcome> {
  const { EventPattern, ScheduleExpression, Description, State, RoleArn, EventBusName } = properties;
  const { RuleArn } = await context.call<{ RuleArn: string }>('events', 'PutRule', {
    Name: name,
    EventPattern: EventPattern === undefined ? undefined : JSON.stringify(EventPattern),
    ScheduleExpression,
    Description,
    State,
    RoleArn,
    EventBusName,
    Tags: context.tags,
  });
  const targets: readonly ResourceProperties[] = properties.Targets ?? [];
  const { Targets } = await context.call<Listed>('events', 'ListTargetsByRule', { Rule: name });
  const gone = Targets.map(({ Id }) => Id).filter((id) => !targets.some(({ Id }) => Id === id));
  if (gone.length > 0) await context.call('events', 'RemoveTargets', { Rule: name, Ids: gone });
  if (targets.length > 0) await context.call('events', 'PutTargets', { Rule: name, Targets: targets.map(target) });
  return { id: name, attributes: { Arn: RuleArn } };
}

const rule: ResourceType = {
  type: 'AWS::Events::Rule',
  enforced: ['Name', 'Description', 'EventBusName', 'EventPattern', 'ScheduleExpression', 'State', 'RoleArn', 'Targets', 'Tags'],
  stored: {},
  create: (properties, context) => put(properties.Name ?? context.generateName(64), properties, context),
  async update(id, properties, _previous, context) {
    const done = await put(id, properties, context);
    await context.call('events', 'TagResource', { ResourceARN: done.attributes?.Arn, Tags: context.tags });
    return done;
  },
  async delete(id, _properties, context) {
    try {
      const { Targets } = await context.call<Listed>('events', 'ListTargetsByRule', { Rule: id });
      if (Targets.length > 0) await context.call('events', 'RemoveTargets', { Rule: id, Ids: Targets.map(({ Id }) => Id) });
      await context.call('events', 'DeleteRule', { Name: id });
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
    }
  },
};

export const eventsResources: readonly ResourceType[] = [rule];
