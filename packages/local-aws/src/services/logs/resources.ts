import type { ResourceType } from '../../cloud';

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
}

export const logGroup: ResourceType = {
  type: 'AWS::Logs::LogGroup',
  enforced: ['LogGroupName', 'RetentionInDays'],
  stored: {
    KmsKeyId: 'events are kept in the store of the local AWS',
    Tags: 'shown by no operation that is supported',
    LogGroupClass: 'one class',
    DataProtectionPolicy: 'not applied',
  },
  async create(properties, context) {
    const name: string = properties.LogGroupName ?? context.generateName(512);
    await context.call('logs', 'CreateLogGroup', { logGroupName: name, kmsKeyId: properties.KmsKeyId });
    if (properties.RetentionInDays !== undefined)
      await context.call('logs', 'PutRetentionPolicy', { logGroupName: name, retentionInDays: properties.RetentionInDays });
    return { id: name, attributes: { Arn: `arn:aws:logs:${context.region}:${context.account}:log-group:${name}:*` } };
  },
  async update(id, properties, _previous, context) {
    if (properties.RetentionInDays === undefined) await context.call('logs', 'DeleteRetentionPolicy', { logGroupName: id });
    else await context.call('logs', 'PutRetentionPolicy', { logGroupName: id, retentionInDays: properties.RetentionInDays });
    return { id, attributes: { Arn: `arn:aws:logs:${context.region}:${context.account}:log-group:${id}:*` } };
  },
  async delete(id, _properties, context) {
    await context.call('logs', 'DeleteLogGroup', { logGroupName: id }).catch(ignoreMissing);
  },
};

export const logStream: ResourceType = {
  type: 'AWS::Logs::LogStream',
  enforced: ['LogGroupName', 'LogStreamName'],
  stored: {},
  async create(properties, context) {
    const name: string = properties.LogStreamName ?? context.generateName(512);
    await context.call('logs', 'CreateLogStream', { logGroupName: properties.LogGroupName, logStreamName: name });
    return { id: name };
  },
  async delete(id, properties, context) {
    const input = { logGroupName: properties.LogGroupName, logStreamName: id };
    await context.call('logs', 'DeleteLogStream', input).catch(ignoreMissing);
  },
};
