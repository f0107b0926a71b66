import type { ResourceContext, ResourceProperties, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';

interface Described {
  readonly DeliveryStreamDescription: {
    readonly DeliveryStreamARN: string;
    readonly VersionId: string;
    readonly Destinations: { readonly DestinationId: string }[];
  };
}

const NUMBERS = new Set(['SizeInMBs', 'IntervalInSeconds', 'BlockSizeBytes', 'PageSizeBytes', 'MaxPaddingBytes']);

/** Template values as the API takes them: numbers and booleans may come as text. */
function typed(value: ResourceProperties, name = ''): ResourceProperties {
  if (Array.isArray(value)) return value.map((item) => typed(item));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, typed(member, key)]));
  if (value === 'true' || value === 'false') return value === 'true';
  return NUMBERS.has(name) ? Number(value) : value;
}

function describe(id: string, context: ResourceContext): Promise<Described> {
  return context.call<Described>('firehose', 'DescribeDeliveryStream', { DeliveryStreamName: id });
}

const deliveryStream: ResourceType = {
  type: 'AWS::KinesisFirehose::DeliveryStream',
  enforced: [
    'DeliveryStreamName',
    'DeliveryStreamType',
    'KinesisStreamSourceConfiguration',
    'ExtendedS3DestinationConfiguration',
    'Tags',
  ],
  stored: {},
  async create(properties, context) {
    const name: string = properties.DeliveryStreamName ?? context.generateName(64);
    const { KinesisStreamARN, RoleARN } = properties.KinesisStreamSourceConfiguration ?? {};
    const source = KinesisStreamARN === undefined ? undefined : { KinesisStreamARN, RoleARN };
    const { DeliveryStreamARN } = await context.call<{ DeliveryStreamARN: string }>('firehose', 'CreateDeliveryStream', {
      DeliveryStreamName: name,
      DeliveryStreamType: properties.DeliveryStreamType,
      KinesisStreamSourceConfiguration: source,
      ExtendedS3DestinationConfiguration: typed(properties.ExtendedS3DestinationConfiguration),
      Tags: context.tags.length === 0 ? undefined : context.tags,
    });
    return { id: name, attributes: { Arn: DeliveryStreamARN } };
  },
  async update(id, properties, previous, context) {
    const { DeliveryStreamDescription: known } = await describe(id, context);
    const next = properties.ExtendedS3DestinationConfiguration;
    if (JSON.stringify(next) !== JSON.stringify(previous.ExtendedS3DestinationConfiguration))
      await context.call('firehose', 'UpdateDestination', {
        DeliveryStreamName: id,
        CurrentDeliveryStreamVersionId: known.VersionId,
        DestinationId: known.Destinations[0]?.DestinationId,
        ExtendedS3DestinationUpdate: typed(next),
      });
    if (context.tags.length > 0)
      await context.call('firehose', 'TagDeliveryStream', { DeliveryStreamName: id, Tags: context.tags });
    return { id, attributes: { Arn: known.DeliveryStreamARN } };
  },
  async delete(id, _properties, context) {
    await context.call('firehose', 'DeleteDeliveryStream', { DeliveryStreamName: id }).catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
    });
  },
};

export const firehoseResources: readonly ResourceType[] = [deliveryStream];
