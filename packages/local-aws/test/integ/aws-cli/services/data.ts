import { fails, keep, ok, type Session } from '../steps';

export const dynamodb: Session = {
  name: 'dynamodb',
  steps: [
    ok(
      'aws dynamodb create-table --table-name cli --billing-mode PAY_PER_REQUEST --attribute-definitions AttributeName=pk,AttributeType=S AttributeName=sk,AttributeType=N --key-schema AttributeName=pk,KeyType=HASH AttributeName=sk,KeyType=RANGE',
      /"TableStatus": "(CREATING|ACTIVE)"/,
    ),
    ok('aws dynamodb wait table-exists --table-name cli'),
    ok('aws dynamodb list-tables --output text', /TABLENAMES\s+cli/),
    ok(
      `aws dynamodb put-item --table-name cli --item '{"pk":{"S":"a"},"sk":{"N":"1"},"v":{"B":"hello"}}' --return-consumed-capacity TOTAL`,
      /"CapacityUnits": 1/,
    ),
    ok(
      'for i in 2 3 4 5; do aws dynamodb put-item --table-name cli --item "{\\"pk\\":{\\"S\\":\\"a\\"},\\"sk\\":{\\"N\\":\\"$i\\"}}"; done',
    ),
    ok(`aws dynamodb get-item --table-name cli --key '{"pk":{"S":"a"},"sk":{"N":"1"}}'`, /"B": "aGVsbG8="/),
    ok(
      `aws dynamodb query --table-name cli --key-condition-expression 'pk = :p AND sk > :s' --expression-attribute-values '{":p":{"S":"a"},":s":{"N":"2"}}' --query 'Items[].sk.N' --output text`,
      /^3\t4\t5$/m,
    ),
    ok(`aws dynamodb scan --table-name cli --max-items 2`, /"NextToken"/),
    keep('TOKEN', "aws dynamodb scan --table-name cli --max-items 2 --query NextToken --output json | tr -d '\"'"),
    ok('aws dynamodb scan --table-name cli --starting-token "$TOKEN" --query "Items[].sk.N" --output text', /3\t4\t5/),
    ok('aws dynamodb scan --table-name cli --page-size 2 --select COUNT --query Count', /5/),
    ok(
      `aws dynamodb update-item --table-name cli --key '{"pk":{"S":"a"},"sk":{"N":"1"}}' --update-expression 'SET #n = if_not_exists(#n, :z) + :o' --expression-attribute-names '{"#n":"n"}' --expression-attribute-values '{":z":{"N":"0"},":o":{"N":"1"}}' --return-values ALL_NEW`,
      /"N": "1"/,
    ),
    fails(
      `aws dynamodb put-item --table-name cli --item '{"pk":{"S":"a"},"sk":{"N":"1"}}' --condition-expression 'attribute_not_exists(pk)'`,
      /ConditionalCheckFailedException.*The conditional request failed/,
    ),
    fails(
      `aws dynamodb put-item --table-name cli --item '{"pk":{"S":"a"}}'`,
      /ValidationException.*Missing the key sk in the item/,
    ),
    ok(
      `aws dynamodb transact-write-items --transact-items '[{"Put":{"TableName":"cli","Item":{"pk":{"S":"t"},"sk":{"N":"1"}}}}]'`,
    ),
    ok(
      `echo '{"TableName":"cli","Key":{"pk":{"S":"t"},"sk":{"N":"1"}}}' > get.json && aws dynamodb get-item --cli-input-json file://get.json`,
      /"S": "t"/,
    ),
    ok(
      `aws dynamodb batch-write-item --request-items '{"cli":[{"PutRequest":{"Item":{"pk":{"S":"b"},"sk":{"N":"1"}}}}]}'`,
      /"UnprocessedItems": \{\}/,
    ),
    ok(
      'aws dynamodb update-time-to-live --table-name cli --time-to-live-specification Enabled=true,AttributeName=expires',
      /"AttributeName": "expires"/,
    ),
    ok('aws dynamodb describe-time-to-live --table-name cli', /"TimeToLiveStatus": "ENABL(ED|ING)"/),
    ok('aws dynamodb describe-continuous-backups --table-name cli', /ContinuousBackupsStatus/),
    ok('aws dynamodb describe-table --table-name cli --output table', /DescribeTable/),
    fails('aws dynamodb describe-table --table-name none', /ResourceNotFoundException/),
    ok('aws dynamodb delete-table --table-name cli && aws dynamodb wait table-not-exists --table-name cli'),
  ],
};

export const kinesis: Session = {
  name: 'kinesis',
  steps: [
    ok('aws kinesis create-stream --stream-name cli --shard-count 2'),
    ok('aws kinesis wait stream-exists --stream-name cli'),
    ok('aws kinesis describe-stream-summary --stream-name cli', /"OpenShardCount": 2/),
    ok('aws kinesis put-record --stream-name cli --partition-key k --data aGVsbG8=', /"SequenceNumber"/),
    ok(
      `aws kinesis put-records --stream-name cli --records '[{"Data":"b25l","PartitionKey":"k"},{"Data":"dHdv","PartitionKey":"q"}]'`,
      /"FailedRecordCount": 0/,
    ),
    keep('SHARD', 'aws kinesis list-shards --stream-name cli --query "Shards[0].ShardId" --output text'),
    keep(
      'ITERATOR',
      'aws kinesis get-shard-iterator --stream-name cli --shard-id $SHARD --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text',
    ),
    ok('aws kinesis get-records --shard-iterator $ITERATOR', /"MillisBehindLatest"/),
    fails('aws kinesis get-records --shard-iterator nonsense', /InvalidArgumentException/),
    ok('aws kinesis list-streams --output text', /STREAMNAMES\s+cli/),
    fails(
      'aws kinesis put-record --stream-name none --partition-key k --data aGVsbG8=',
      /ResourceNotFoundException.*Stream none under account/,
    ),
    ok('aws kinesis delete-stream --stream-name cli && aws kinesis wait stream-not-exists --stream-name cli'),
  ],
};

const TRUST = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action: 'sts:AssumeRole' }],
  });

export const analytics: Session = {
  name: 'analytics',
  steps: [
    ok(`aws glue create-database --database-input '{"Name":"cli"}'`),
    ok(
      `aws glue create-table --database-name cli --table-input '{"Name":"t","TableType":"EXTERNAL_TABLE","Parameters":{"classification":"csv"},"StorageDescriptor":{"Columns":[{"Name":"a","Type":"string"}],"Location":"s3://cli-analytics/t/","InputFormat":"org.apache.hadoop.mapred.TextInputFormat","SerdeInfo":{"SerializationLibrary":"org.openx.data.jsonserde.JsonSerDe"}}}'`,
    ),
    ok('aws glue get-databases --query "DatabaseList[].Name" --output text', /cli/),
    ok('aws glue get-tables --database-name cli', /"Name": "t"/),
    ok('aws glue get-table --database-name cli --name t --query Table.StorageDescriptor.Location', /s3:\/\/cli-analytics\/t\//),
    fails('aws glue get-table --database-name cli --name none', /EntityNotFoundException/),
    ok('aws s3 mb s3://cli-analytics'),
    keep(
      'QUERY',
      'aws athena start-query-execution --query-string "SELECT 1 AS one, \'x\' AS word" --result-configuration OutputLocation=s3://cli-analytics/results/ --query QueryExecutionId --output text',
    ),
    ok(
      'for i in 1 2 3 4 5 6 7 8; do S=$(aws athena get-query-execution --query-execution-id $QUERY --query QueryExecution.Status.State --output text); [ $S = SUCCEEDED ] && break; advance 1000 > /dev/null; done; echo $S',
      /SUCCEEDED/,
    ),
    ok('aws athena get-query-results --query-execution-id $QUERY --output text', /one\s[\s\S]*word/),
    ok('aws s3 cp s3://cli-analytics/results/$QUERY.csv -', /"one","word"\n"1","x"/),
    ok('aws athena list-work-groups', /"Name": "primary"/),
    fails('aws athena get-query-execution --query-execution-id 00000000-0000-0000-0000-000000000000', /InvalidRequestException/),
    ok(
      'Q=$(aws athena start-query-execution --query-string "CREATE TABLE x AS SELECT 1" --result-configuration OutputLocation=s3://cli-analytics/r/ --query QueryExecutionId --output text); for i in 1 2 3 4 5 6; do S=$(aws athena get-query-execution --query-execution-id $Q --query "QueryExecution.Status.[State,StateChangeReason]" --output text); [[ $S = FAILED* ]] && break; advance 1000 > /dev/null; done; echo $S',
      /FAILED.*local AWS/,
    ),
    ok(`aws iam create-role --role-name cli-firehose --assume-role-policy-document '${TRUST('firehose')}'`),
    ok(
      `aws iam put-role-policy --role-name cli-firehose --policy-name p --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'`,
    ),
    ok(
      'aws firehose create-delivery-stream --delivery-stream-name cli --extended-s3-destination-configuration "RoleARN=arn:aws:iam::000000000000:role/cli-firehose,BucketARN=arn:aws:s3:::cli-analytics,Prefix=fire/,BufferingHints={SizeInMBs=1,IntervalInSeconds=60}"',
      /DeliveryStreamARN/,
    ),
    ok('aws firehose put-record --delivery-stream-name cli --record Data=aGVsbG8K', /RecordId/),
    ok(
      `aws firehose put-record-batch --delivery-stream-name cli --records '[{"Data":"b25lCg=="},{"Data":"dHdvCg=="}]'`,
      /"FailedPutCount": 0/,
    ),
    ok(
      'aws firehose describe-delivery-stream --delivery-stream-name cli --query DeliveryStreamDescription.DeliveryStreamStatus',
      /"(ACTIVE|CREATING)"/,
    ),
    ok('aws firehose list-delivery-streams', /"cli"/),
    ok('advance 70000 > /dev/null; sleep 1; aws s3 ls s3://cli-analytics/fire/ --recursive', /fire\/\d{4}\//),
    ok('aws firehose delete-delivery-stream --delivery-stream-name cli'),
  ],
};
