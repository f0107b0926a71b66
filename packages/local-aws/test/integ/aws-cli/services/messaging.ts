import { fails, keep, ok, type Session } from '../steps';

export const messaging: Session = {
  name: 'messaging',
  steps: [
    keep(
      'QUEUE',
      'aws --endpoint-url $AWS_ENDPOINT_URL sqs create-queue --queue-name cli --attributes VisibilityTimeout=30 --query QueueUrl --output text',
      /cli/,
    ),
    ok('aws --endpoint-url $AWS_ENDPOINT_URL sqs get-queue-url --queue-name cli', /QueueUrl/),
    ok('aws --endpoint-url $AWS_ENDPOINT_URL sqs list-queues --queue-name-prefix cli', /cli/),
    ok(
      'aws --endpoint-url $AWS_ENDPOINT_URL sqs send-message --queue-url $QUEUE --message-body hello --message-attributes "k={DataType=String,StringValue=v}"',
      /MD5OfMessageAttributes/,
    ),
    ok(
      `aws --endpoint-url $AWS_ENDPOINT_URL sqs send-message-batch --queue-url $QUEUE --entries '[{"Id":"1","MessageBody":"a"},{"Id":"2","MessageBody":"b"}]'`,
      /Successful/,
    ),
    keep(
      'HANDLE',
      'aws --endpoint-url $AWS_ENDPOINT_URL sqs receive-message --queue-url $QUEUE --query "Messages[0].ReceiptHandle" --output text',
    ),
    ok(
      'aws --endpoint-url $AWS_ENDPOINT_URL sqs change-message-visibility --queue-url $QUEUE --receipt-handle "$HANDLE" --visibility-timeout 60',
    ),
    ok('aws --endpoint-url $AWS_ENDPOINT_URL sqs delete-message --queue-url $QUEUE --receipt-handle "$HANDLE"'),
    ok(
      'aws --endpoint-url $AWS_ENDPOINT_URL sqs get-queue-attributes --queue-url $QUEUE --attribute-names All',
      /"ApproximateNumberOfMessages"/,
    ),
    ok('aws --endpoint-url $AWS_ENDPOINT_URL sqs purge-queue --queue-url $QUEUE'),
    fails(
      'aws --endpoint-url $AWS_ENDPOINT_URL sqs get-queue-url --queue-name none',
      /AWS\.SimpleQueueService\.NonExistentQueue|QueueDoesNotExist/,
    ),
    fails(
      'aws --endpoint-url $AWS_ENDPOINT_URL sqs create-queue --queue-name x.fifo --attributes FifoQueue=true',
      /The local AWS has standard queues only/,
    ),
    keep('TOPIC', 'aws sns create-topic --name cli --query TopicArn --output text', /arn:aws:sns/),
    ok(
      'aws --endpoint-url $AWS_ENDPOINT_URL sqs set-queue-attributes --queue-url $QUEUE --attributes \'{"Policy":"{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{\\"Effect\\":\\"Allow\\",\\"Principal\\":{\\"Service\\":\\"sns.amazonaws.com\\"},\\"Action\\":\\"sqs:SendMessage\\",\\"Resource\\":\\"*\\"}]}"}\'',
    ),
    ok(
      'aws sns subscribe --topic-arn $TOPIC --protocol sqs --notification-endpoint arn:aws:sqs:eu-west-1:000000000000:cli',
      /SubscriptionArn/,
    ),
    ok('aws sns publish --topic-arn $TOPIC --message "from a topic" --subject s', /MessageId/),
    ok(
      'sleep 1; aws --endpoint-url $AWS_ENDPOINT_URL sqs receive-message --queue-url $QUEUE --wait-time-seconds 5',
      /from a topic/,
    ),
    ok('aws sns list-subscriptions-by-topic --topic-arn $TOPIC --output table', /sqs/),
    ok('aws sns list-topics --output text', /cli/),
    fails('aws sns publish --topic-arn arn:aws:sns:eu-west-1:000000000000:none --message m', /NotFound/),
    ok(`aws events put-rule --name cli --event-pattern '{"source":["cli"]}'`, /RuleArn/),
    ok('aws events put-targets --rule cli --targets Id=1,Arn=arn:aws:sqs:eu-west-1:000000000000:cli', /"FailedEntryCount": 0/),
    ok(`aws events put-events --entries '[{"Source":"cli","DetailType":"t","Detail":"{}"}]'`, /"FailedEntryCount": 0/),
    ok(`aws events put-events --entries '[{"Source":"cli","DetailType":"t","Detail":"{"}]'`, /MalformedDetail/),
    ok('aws events list-rules --name-prefix cli', /"State": "ENABLED"/),
    ok('aws events list-targets-by-rule --rule cli', /cli/),
    ok('aws events describe-rule --name cli', /EventPattern/),
    fails('aws events describe-rule --name none', /ResourceNotFoundException.*Rule none does not exist/),
    fails(
      'aws events put-rule --name bad --schedule-expression "rate(1 minutes)"',
      /ValidationException.*ScheduleExpression is not valid/,
    ),
    ok('aws events remove-targets --rule cli --ids 1 && aws events delete-rule --name cli'),
    ok(
      `aws iam create-role --role-name cli-scheduler --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"scheduler.amazonaws.com"},"Action":"sts:AssumeRole"}]}'`,
    ),
    ok(
      `aws scheduler create-schedule --name cli --schedule-expression "cron(0 9 * * ? *)" --schedule-expression-timezone Europe/Berlin --flexible-time-window Mode=OFF --target Arn=arn:aws:sqs:eu-west-1:000000000000:cli,RoleArn=arn:aws:iam::000000000000:role/cli-scheduler`,
      /ScheduleArn/,
    ),
    ok('aws scheduler list-schedules --max-items 1', /"Name": "cli"/),
    ok('aws scheduler get-schedule --name cli', /Europe\/Berlin/),
    fails('aws scheduler get-schedule --name none', /ResourceNotFoundException/),
    ok('aws scheduler delete-schedule --name cli'),
  ],
};

export const account: Session = {
  name: 'account',
  steps: [
    ok('aws sts get-caller-identity', /"Account": "000000000000"/),
    ok(
      `aws iam create-role --role-name cli --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"sts:AssumeRole"}]}'`,
    ),
    ok(
      'aws iam wait role-exists --role-name cli && aws iam get-role --role-name cli',
      /AssumeRolePolicyDocument[\s\S]*"Statement"/,
    ),
    ok('aws iam list-roles --query "Roles[?RoleName==\'cli\'].Arn" --output text', /role\/cli/),
    ok(
      `aws iam put-role-policy --role-name cli --policy-name p --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}'`,
    ),
    ok(
      'aws iam list-role-policies --role-name cli --output text && aws iam get-role-policy --role-name cli --policy-name p',
      /ListAllMyBuckets/,
    ),
    keep(
      'ARN',
      `aws iam create-policy --policy-name cli --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:ListQueues","Resource":"*"}]}' --query Policy.Arn --output text`,
    ),
    ok(
      'aws iam attach-role-policy --role-name cli --policy-arn $ARN && aws iam list-attached-role-policies --role-name cli',
      /policy\/cli/,
    ),
    ok('aws iam get-policy --policy-arn $ARN && aws iam get-policy-version --policy-arn $ARN --version-id v1', /sqs:ListQueues/),
    fails('aws iam get-role --role-name none', /NoSuchEntity.*The role with name none cannot be found/),
    keep(
      'SESSION',
      'aws sts assume-role --role-arn arn:aws:iam::000000000000:role/cli --role-session-name me --query "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]" --output text',
    ),
    ok(
      'set -- $SESSION; AWS_ACCESS_KEY_ID=$1 AWS_SECRET_ACCESS_KEY=$2 AWS_SESSION_TOKEN=$3 aws sts get-caller-identity',
      /assumed-role\/cli\/me/,
    ),
    fails(
      'set -- $SESSION; AWS_ACCESS_KEY_ID=$1 AWS_SECRET_ACCESS_KEY=$2 AWS_SESSION_TOKEN=$3 aws dynamodb list-tables',
      /AccessDeniedException.*assumed-role\/cli\/me is not authorized to perform: dynamodb:ListTables/,
    ),
    ok(
      'mkdir -p .aws && printf "[profile r]\\nrole_arn = arn:aws:iam::000000000000:role/cli\\ncredential_source = Environment\\nregion = eu-west-1\\n" > .aws/config && AWS_CONFIG_FILE=$PWD/.aws/config aws s3 ls --profile r',
    ),
    fails('AWS_SECRET_ACCESS_KEY=wrong aws sts get-caller-identity', /SignatureDoesNotMatch|InvalidSignature/),
    fails('AWS_ACCESS_KEY_ID=AKIANONE AWS_SESSION_TOKEN= aws sts get-caller-identity', /InvalidClientTokenId/),
    keep('KEY', 'aws kms create-key --query KeyMetadata.KeyId --output text'),
    ok('aws kms create-alias --alias-name alias/cli --target-key-id $KEY && aws kms list-aliases', /alias\/cli/),
    ok(
      'printf secret > plain && aws kms encrypt --key-id alias/cli --plaintext fileb://plain --encryption-context a=b --query CiphertextBlob --output text | base64 -d > cipher',
    ),
    ok(
      'aws kms decrypt --ciphertext-blob fileb://cipher --encryption-context a=b --query Plaintext --output text | base64 -d',
      /^secret$/,
    ),
    fails('aws kms decrypt --ciphertext-blob fileb://cipher --encryption-context a=c', /InvalidCiphertextException/),
    ok('aws kms generate-data-key --key-id alias/cli --key-spec AES_256', /CiphertextBlob/),
    ok(
      'aws kms describe-key --key-id alias/cli && aws kms get-key-policy --key-id $KEY --policy-name default --output text',
      /Enabled[\s\S]*kms:\*/,
    ),
    ok(
      'aws kms enable-key-rotation --key-id $KEY && aws kms get-key-rotation-status --key-id $KEY',
      /"KeyRotationEnabled": true/,
    ),
    fails('aws kms disable-key --key-id $KEY && aws kms encrypt --key-id $KEY --plaintext fileb://plain', /DisabledException/),
    ok(
      'aws ssm put-parameter --name /cli/a --type String --value 1 && aws ssm put-parameter --name /cli/a --type String --value 2 --overwrite',
      /"Version": 2/,
    ),
    ok('aws ssm get-parameter --name /cli/a --query Parameter.Value --output text', /^2$/m),
    ok('aws ssm get-parameters-by-path --path /cli --recursive', /\/cli\/a/),
    fails('aws ssm get-parameter --name /none', /ParameterNotFound/),
    ok('aws ssm delete-parameter --name /cli/a'),
    ok('aws ecr create-repository --repository-name cli && aws ecr describe-repositories --output table', /cli/),
    ok(
      `aws budgets create-budget --account-id 000000000000 --budget '{"BudgetName":"cli","BudgetLimit":{"Amount":"10","Unit":"USD"},"TimeUnit":"MONTHLY","BudgetType":"COST"}'`,
    ),
    ok('aws budgets describe-budgets --account-id 000000000000', /"BudgetName": "cli"/),
    ok(
      'aws wafv2 create-web-acl --name cli --scope REGIONAL --default-action Allow={} --visibility-config SampledRequestsEnabled=true,CloudWatchMetricsEnabled=true,MetricName=cli',
      /"Summary"/,
    ),
    ok('aws wafv2 list-web-acls --scope REGIONAL', /"Name": "cli"/),
    keep('POOL', 'aws cognito-idp create-user-pool --pool-name cli --query UserPool.Id --output text'),
    ok(
      'aws cognito-idp list-user-pools --max-results 10 && aws cognito-idp describe-user-pool --user-pool-id $POOL',
      /"Name": "cli"/,
    ),
    ok('aws cognito-idp create-user-pool-client --user-pool-id $POOL --client-name c --generate-secret', /ClientSecret/),
    ok('aws application-autoscaling describe-scalable-targets --service-namespace sagemaker', /"ScalableTargets": \[\]/),
  ],
};
