import { fails, keep, ok, type Session } from '../steps';

const TRUST = `'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}'`;
const LOGS = `'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:*","kinesis:*"],"Resource":"*"}]}'`;
const HANDLER = `exports.handler = async (event) => { console.log("seen", JSON.stringify(event)); if (event.fail) throw new Error("bad row"); return { got: event }; };`;

export const lambda: Session = {
  name: 'lambda',
  steps: [
    ok(`aws iam create-role --role-name cli-lambda --assume-role-policy-document ${TRUST} --query Role.Arn`, /role\/cli-lambda/),
    ok(`aws iam put-role-policy --role-name cli-lambda --policy-name logs --policy-document ${LOGS}`),
    ok(`mkdir -p code && echo '${HANDLER}' > code/index.js && (cd code && python3 -m zipfile -c ../code.zip index.js)`),
    ok(
      'aws lambda create-function --function-name cli --runtime nodejs24.x --handler index.handler --role arn:aws:iam::000000000000:role/cli-lambda --zip-file fileb://code.zip --timeout 10 --environment Variables={NAME=b}',
      /"FunctionName": "cli"/,
    ),
    ok('aws lambda wait function-active --function-name cli && aws lambda wait function-active-v2 --function-name cli'),
    ok(
      `aws lambda invoke --function-name cli --payload '{"a": 1}' out.json && cat out.json`,
      /"StatusCode": 200[\s\S]*\{"got":\{"a":1\}\}/,
    ),
    ok(
      `echo '{"from": "file"}' > in.json && aws lambda invoke --function-name cli --payload file://in.json out.json && cat out.json`,
      /\{"got":\{"from":"file"\}\}/,
    ),
    ok(
      `aws lambda invoke --function-name cli --payload '{}' --log-type Tail --query LogResult --output text out.json | base64 -d`,
      /START RequestId[\s\S]*seen[\s\S]*REPORT RequestId/,
    ),
    ok(
      `aws lambda invoke --function-name cli --payload '{"fail": true}' out.json && cat out.json`,
      /"FunctionError": "Unhandled"[\s\S]*"errorMessage":"bad row"/,
    ),
    ok(`aws lambda invoke --function-name cli --invocation-type Event --payload '{}' out.json`, /"StatusCode": 202/),
    ok('aws lambda invoke --function-name cli --invocation-type DryRun out.json', /"StatusCode": 204/),
    fails(
      'aws lambda invoke --function-name none out.json',
      /ResourceNotFoundException.*Function not found: arn:aws:lambda:eu-west-1:000000000000:function:none/,
    ),
    fails(`aws lambda invoke --function-name cli --payload '{' out.json`, /InvalidRequestContentException/),
    ok(
      'aws lambda update-function-configuration --function-name cli --memory-size 256 && aws lambda wait function-updated --function-name cli',
      /"MemorySize": 256/,
    ),
    ok(
      'aws lambda update-function-code --function-name cli --zip-file fileb://code.zip && aws lambda wait function-updated --function-name cli && aws lambda publish-version --function-name cli',
      /"Version": "1"/,
    ),
    ok('aws lambda create-alias --function-name cli --name live --function-version 1', /function:cli:live/),
    ok(`aws lambda invoke --function-name cli --qualifier live --payload '{}' out.json`, /"ExecutedVersion": "1"/),
    ok('aws lambda list-functions --query "Functions[].[FunctionName,Runtime]" --output text', /^cli\tnodejs24\.x$/m),
    ok('aws lambda list-versions-by-function --function-name cli --output table', /ListVersionsByFunction/),
    ok('aws lambda get-function --function-name cli', /"RepositoryType": "S3"/),
    ok('aws lambda get-function-configuration --function-name cli', /"NAME": "b"/),
    ok(
      'aws lambda add-permission --function-name cli --statement-id s --action lambda:InvokeFunction --principal events.amazonaws.com && aws lambda get-policy --function-name cli',
      /events\.amazonaws\.com/,
    ),
    ok('aws logs describe-log-groups --log-group-name-prefix /aws/lambda/cli', /"logGroupName": "\/aws\/lambda\/cli"/),
    ok(
      'aws logs describe-log-streams --log-group-name /aws/lambda/cli --order-by LastEventTime --descending --max-items 1',
      /logStreamName/,
    ),
    ok(
      'aws logs filter-log-events --log-group-name /aws/lambda/cli --filter-pattern seen --query "events[].message" --output text',
      /seen/,
    ),
    keep(
      'STREAM',
      'aws logs describe-log-streams --log-group-name /aws/lambda/cli --query "logStreams[0].logStreamName" --output text',
    ),
    ok(
      `aws logs get-log-events --log-group-name /aws/lambda/cli --log-stream-name "$STREAM" --limit 2 --start-from-head`,
      /nextForwardToken/,
    ),
    fails(
      'aws logs get-log-events --log-group-name /none --log-stream-name x',
      /ResourceNotFoundException.*The specified log group does not exist/,
    ),
    ok(
      'aws logs create-log-group --log-group-name cli && aws logs put-retention-policy --log-group-name cli --retention-in-days 7 && aws logs create-log-stream --log-group-name cli --log-stream-name s',
    ),
    ok(
      'aws logs put-log-events --log-group-name cli --log-stream-name s --log-events timestamp=$(date +%s000),message=hello',
      /nextSequenceToken|rejected|^\s*\{?\s*\}?\s*$/,
    ),
    ok(
      'aws kinesis create-stream --stream-name cli-mapped --shard-count 1 && aws kinesis wait stream-exists --stream-name cli-mapped',
    ),
    keep(
      'MAPPING',
      'aws lambda create-event-source-mapping --function-name cli --event-source-arn arn:aws:kinesis:eu-west-1:000000000000:stream/cli-mapped --starting-position LATEST --query UUID --output text',
    ),
    ok('aws lambda list-event-source-mappings --function-name cli', /cli-mapped/),
    ok('aws lambda delete-event-source-mapping --uuid $MAPPING', /"State": "Deleting"/),
    ok(
      'aws lambda put-function-concurrency --function-name cli --reserved-concurrent-executions 0 && ! aws lambda invoke --function-name cli out.json',
      /TooManyRequestsException/,
    ),
    ok('aws lambda delete-function --function-name cli'),
    fails('aws stepfunctions list-state-machines', /no service 'states'/),
  ],
};
