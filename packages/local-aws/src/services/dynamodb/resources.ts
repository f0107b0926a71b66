import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';

const sse = (properties: ResourceProperties): object | undefined =>
  properties.SSESpecification === undefined
    ? undefined
    : {
        Enabled: properties.SSESpecification.SSEEnabled,
        SSEType: properties.SSESpecification.SSEType,
        KMSMasterKeyId: properties.SSESpecification.KMSMasterKeyId,
      };

function throughput(properties: ResourceProperties): object {
  const given = properties.ProvisionedThroughput;
  return {
    BillingMode: properties.BillingMode,
    ProvisionedThroughput: given && {
      ReadCapacityUnits: Number(given.ReadCapacityUnits),
      WriteCapacityUnits: Number(given.WriteCapacityUnits),
    },
  };
}

async function setTtl(
  name: string,
  next: ResourceProperties,
  before: ResourceProperties,
  context: ResourceContext,
): Promise<void> {
  const attribute = (properties: ResourceProperties): string | undefined =>
    properties.TimeToLiveSpecification?.Enabled === true ? properties.TimeToLiveSpecification.AttributeName : undefined;
  const [wanted, known] = [attribute(next), attribute(before)];
  if (wanted === known) return;
  const put = (AttributeName: string, Enabled: boolean): Promise<unknown> =>
    context.call('dynamodb', 'UpdateTimeToLive', { TableName: name, TimeToLiveSpecification: { AttributeName, Enabled } });
  if (known !== undefined) await put(known, false);
  if (wanted !== undefined) await put(wanted, true);
}

async function setRecovery(
  name: string,
  next: ResourceProperties,
  before: ResourceProperties,
  context: ResourceContext,
): Promise<void> {
  const isOn = (properties: ResourceProperties): boolean =>
    properties.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true;
  if (isOn(next) === isOn(before)) return;
  await context.call('dynamodb', 'UpdateContinuousBackups', {
    TableName: name,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: isOn(next) },
  });
}

function outcome(name: string, context: ResourceContext): ResourceOutcome {
  return { id: name, attributes: { Arn: `arn:aws:dynamodb:${context.region}:${context.account}:table/${name}` } };
}

const table: ResourceType = {
  type: 'AWS::DynamoDB::Table',
  enforced: [
    'TableName',
    'KeySchema',
    'AttributeDefinitions',
    'BillingMode',
    'TimeToLiveSpecification',
    'DeletionProtectionEnabled',
    'GlobalSecondaryIndexes',
    'StreamSpecification',
    'TableClass',
    'Tags',
  ],
  stored: {
    ProvisionedThroughput: 'capacity is counted here, not limited',
    SSESpecification: 'items are kept on this machine only',
    PointInTimeRecoverySpecification: 'there is nothing to restore from here',
    ContributorInsightsSpecification: 'no Contributor Insights here',
  },
  async create(properties, context) {
    const name: string = properties.TableName ?? context.generateName(255);
    await context.call('dynamodb', 'CreateTable', {
      TableName: name,
      KeySchema: properties.KeySchema,
      AttributeDefinitions: properties.AttributeDefinitions,
      GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes,
      StreamSpecification: properties.StreamSpecification && { ...properties.StreamSpecification, StreamEnabled: true },
      TableClass: properties.TableClass,
      DeletionProtectionEnabled: properties.DeletionProtectionEnabled,
      SSESpecification: sse(properties),
      Tags: context.tags,
      ...throughput(properties),
    });
    await setTtl(name, properties, {}, context);
    await setRecovery(name, properties, {}, context);
    return outcome(name, context);
  },
  async update(id, properties, previous, context) {
    if (JSON.stringify(properties.GlobalSecondaryIndexes) !== JSON.stringify(previous.GlobalSecondaryIndexes))
      throw new AwsError('ValidationException', 'The local AWS does not change the indexes of a table.');
    await context.call('dynamodb', 'UpdateTable', {
      TableName: id,
      StreamSpecification: properties.StreamSpecification && { ...properties.StreamSpecification, StreamEnabled: true },
      DeletionProtectionEnabled: properties.DeletionProtectionEnabled ?? false,
      SSESpecification: sse(properties),
      ...throughput(properties),
    });
    await setTtl(id, properties, previous, context);
    await setRecovery(id, properties, previous, context);
    const made = outcome(id, context);
    await context.call('dynamodb', 'TagResource', { ResourceArn: made.attributes?.Arn, Tags: context.tags });
    return made;
  },
  async delete(id, _properties, context) {
    await context.call('dynamodb', 'DeleteTable', { TableName: id }).catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
    });
  },
};

export const dynamoResources: readonly ResourceType[] = [table];
