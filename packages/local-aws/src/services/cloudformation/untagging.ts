import type { ResourceContext } from '../../cloud';
import type { ResourceRecord, Tags } from './records';

type Removal = (record: ResourceRecord, keys: readonly string[]) => readonly [service: string, operation: string, input: object];

const byArn =
  (service: string, member: string): Removal =>
  ({ attributes }, TagKeys) => [service, 'UntagResource', { [member]: attributes.Arn, TagKeys }];

/** How a type loses tags: the handlers of resources give tags, and know only those that a resource is to have. */
const REMOVALS: Readonly<Record<string, Removal>> = {
  'AWS::CloudWatch::Alarm': byArn('cloudwatch', 'ResourceARN'),
  'AWS::DynamoDB::Table': byArn('dynamodb', 'ResourceArn'),
  'AWS::Kinesis::Stream': ({ physicalId }, TagKeys) => ['kinesis', 'RemoveTagsFromStream', { StreamName: physicalId, TagKeys }],
  'AWS::Lambda::Function': byArn('lambda', 'Resource'),
  'AWS::SNS::Topic': ({ physicalId }, TagKeys) => ['sns', 'UntagResource', { ResourceArn: physicalId, TagKeys }],
  'AWS::SQS::Queue': ({ physicalId }, TagKeys) => ['sqs', 'UntagQueue', { QueueUrl: physicalId, TagKeys }],
};

function tagsOf({ properties, stackTags }: Pick<ResourceRecord, 'properties' | 'stackTags'>): Tags {
  return [...stackTags, ...(Array.isArray(properties.Tags) ? (properties.Tags as Tags) : [])];
}

/** Takes from an updated resource the tags that it had and is no longer to have. */
export async function removeTags(before: ResourceRecord, after: ResourceRecord, call: ResourceContext['call']): Promise<void> {
  const kept = tagsOf(after).map(({ Key }) => Key);
  const gone = tagsOf(before).flatMap(({ Key }) => (kept.includes(Key) ? [] : [Key]));
  if (gone.length === 0) return;
  // A bucket's tags are set as a whole, but its handler leaves them alone when there are none.
  if (after.type === 'AWS::S3::Bucket' && kept.length === 0)
    await call('s3', 'PutBucketTagging', { Bucket: after.physicalId, Tagging: { TagSet: [] } });
  const removal = REMOVALS[after.type];
  if (removal !== undefined) await call(...removal(after, gone));
}
