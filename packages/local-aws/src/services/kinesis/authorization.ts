import { ANY, actionsOn, type Input, named, type Rights } from '../../iam/rights';
import { streamOfIterator } from './reads';

/** Rights of Kinesis' operations. Source: Service Authorization Reference, "Amazon Kinesis Data Streams". */
export const kinesisRights: Rights = actionsOn('kinesis', [
  [
    `CreateStream DeleteStream DescribeStream DescribeStreamSummary ListShards IncreaseStreamRetentionPeriod
     DecreaseStreamRetentionPeriod StartStreamEncryption StopStreamEncryption UpdateStreamMode UpdateMaxRecordSize AddTagsToStream
     RemoveTagsFromStream ListTagsForStream PutRecord PutRecords GetShardIterator`,
    ({ StreamARN, StreamName }: Input, scope) => StreamARN ?? named('kinesis', 'stream/', StreamName, scope),
  ],
  [
    'GetRecords',
    ({ StreamARN, ShardIterator }: Input, scope) =>
      StreamARN ?? named('kinesis', 'stream/', streamOfIterator(ShardIterator), scope),
  ],
  ['TagResource UntagResource ListTagsForResource', ({ ResourceARN }: Input) => ResourceARN],
  ['ListStreams', ANY],
]);
