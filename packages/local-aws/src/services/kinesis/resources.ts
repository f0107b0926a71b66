import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';

interface Summary {
  readonly StreamDescriptionSummary: { readonly RetentionPeriodHours: number; readonly StreamARN: string };
}

/** Brings retention, encryption and record size to what a template says; left out is AWS's default. */
async function configure(
  name: string,
  next: ResourceProperties,
  before: ResourceProperties,
  context: ResourceContext,
): Promise<ResourceOutcome> {
  const StreamName = name;
  const known = await context.call<Summary>('kinesis', 'DescribeStreamSummary', { StreamName });
  const { RetentionPeriodHours, StreamARN } = known.StreamDescriptionSummary;
  const hours = Number(next.RetentionPeriodHours ?? 24);
  if (hours !== RetentionPeriodHours) {
    const operation = hours > RetentionPeriodHours ? 'IncreaseStreamRetentionPeriod' : 'DecreaseStreamRetentionPeriod';
    await context.call('kinesis', operation, { StreamName, RetentionPeriodHours: hours });
  }
  if (next.StreamEncryption !== undefined)
    await context.call('kinesis', 'StartStreamEncryption', { StreamName, ...next.StreamEncryption });
  else if (before.StreamEncryption !== undefined)
    await context.call('kinesis', 'StopStreamEncryption', { StreamName, ...before.StreamEncryption });
  const Tags = Object.fromEntries(context.tags.map(({ Key, Value }) => [Key, Value]));
  if (context.tags.length > 0) await context.call('kinesis', 'AddTagsToStream', { StreamName, Tags });
  return { id: name, attributes: { Arn: StreamARN } };
}

const stream: ResourceType = {
  type: 'AWS::Kinesis::Stream',
  enforced: ['Name', 'ShardCount', 'StreamModeDetails', 'RetentionPeriodHours', 'StreamEncryption', 'MaxRecordSizeInKiB', 'Tags'],
  stored: {},
  async create(properties, context) {
    const name: string = properties.Name ?? context.generateName(128);
    await context.call('kinesis', 'CreateStream', {
      StreamName: name,
      ShardCount: properties.ShardCount === undefined ? undefined : Number(properties.ShardCount),
      StreamModeDetails: properties.StreamModeDetails,
      MaxRecordSizeInKiB: properties.MaxRecordSizeInKiB,
    });
    return configure(name, properties, {}, context);
  },
  async update(id, properties, previous, context) {
    if (
      properties.ShardCount !== undefined &&
      Number(properties.ShardCount) !== Number(previous.ShardCount ?? properties.ShardCount)
    )
      throw new AwsError('InvalidArgumentException', 'The local AWS does not change the number of shards of a stream.');
    const { StreamARN } = (await context.call<Summary>('kinesis', 'DescribeStreamSummary', { StreamName: id }))
      .StreamDescriptionSummary;
    const mode = properties.StreamModeDetails ?? { StreamMode: 'PROVISIONED' };
    await context.call('kinesis', 'UpdateStreamMode', { StreamARN, StreamModeDetails: mode });
    if (properties.MaxRecordSizeInKiB !== previous.MaxRecordSizeInKiB)
      await context.call('kinesis', 'UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: properties.MaxRecordSizeInKiB });
    return configure(id, properties, previous, context);
  },
  async delete(id, _properties, context) {
    await context.call('kinesis', 'DeleteStream', { StreamName: id, EnforceConsumerDeletion: true }).catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
    });
  },
};

export const kinesisResources: readonly ResourceType[] = [stream];
