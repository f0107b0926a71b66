import type { ResourceContext, ResourceProperties, ResourceType } from '../../cloud';

async function remove(context: ResourceContext, operation: string, input: object): Promise<void> {
  await context.call('lambda', operation, input).catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
  });
}

/** What a template leaves out has AWS's default, also after it had something else. */
function mappingSettings({ Tags: _, ...properties }: ResourceProperties): object {
  return {
    ...properties,
    Enabled: properties.Enabled ?? true,
    BatchSize: properties.BatchSize ?? 100,
    MaximumBatchingWindowInSeconds: properties.MaximumBatchingWindowInSeconds ?? 0,
    MaximumRetryAttempts: properties.MaximumRetryAttempts ?? -1,
    MaximumRecordAgeInSeconds: properties.MaximumRecordAgeInSeconds ?? -1,
    BisectBatchOnFunctionError: properties.BisectBatchOnFunctionError ?? false,
    FunctionResponseTypes: properties.FunctionResponseTypes ?? [],
    DestinationConfig: properties.DestinationConfig ?? {},
  };
}

const attributesOf = (id: string, context: ResourceContext): Record<string, string> => ({
  Id: id,
  EventSourceMappingArn: `arn:aws:lambda:${context.region}:${context.account}:event-source-mapping:${id}`,
});

const eventSourceMapping: ResourceType = {
  type: 'AWS::Lambda::EventSourceMapping',
  enforced: [
    'EventSourceArn',
    'FunctionName',
    'Enabled',
    'BatchSize',
    'MaximumBatchingWindowInSeconds',
    'StartingPosition',
    'StartingPositionTimestamp',
    'MaximumRetryAttempts',
    'MaximumRecordAgeInSeconds',
    'BisectBatchOnFunctionError',
    'FunctionResponseTypes',
    'DestinationConfig',
    'ParallelizationFactor',
    'TumblingWindowInSeconds',
    'FilterCriteria',
  ],
  stored: { Tags: 'shown by no operation that is supported' },
  async create(properties, context) {
    const at = properties.StartingPositionTimestamp;
    const { UUID } = await context.call<{ UUID: string }>('lambda', 'CreateEventSourceMapping', {
      ...mappingSettings(properties),
      ...(at === undefined ? {} : { StartingPositionTimestamp: new Date(Number(at) * 1000) }),
    });
    return { id: UUID, attributes: attributesOf(UUID, context) };
  },
  async update(id, properties, _previous, context) {
    const { EventSourceArn: _arn, StartingPosition: _start, StartingPositionTimestamp: _at, ...rest } = properties;
    await context.call('lambda', 'UpdateEventSourceMapping', { UUID: id, ...mappingSettings(rest) });
    return { id, attributes: attributesOf(id, context) };
  },
  delete: (id, _properties, context) => remove(context, 'DeleteEventSourceMapping', { UUID: id }),
};

const eventInvokeConfig: ResourceType = {
  type: 'AWS::Lambda::EventInvokeConfig',
  enforced: ['FunctionName', 'Qualifier', 'MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig'],
  stored: {},
  async create(properties, context) {
    await context.call('lambda', 'PutFunctionEventInvokeConfig', properties);
    return { id: `${properties.FunctionName}|${properties.Qualifier}` };
  },
  async update(id, properties, _previous, context) {
    await context.call('lambda', 'PutFunctionEventInvokeConfig', properties);
    return { id };
  },
  delete: (_id, { FunctionName, Qualifier }, context) =>
    remove(context, 'DeleteFunctionEventInvokeConfig', { FunctionName, Qualifier }),
};

export const mappingResources: readonly ResourceType[] = [eventSourceMapping, eventInvokeConfig];
