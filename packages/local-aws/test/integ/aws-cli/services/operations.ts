import { fails, keep, ok, type Session } from '../steps';

const TEMPLATE = `Parameters:
  Word:
    Type: String
    Default: hello
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      Tags:
        - Key: word
          Value: !Ref Word
Outputs:
  Url:
    Value: !Ref Queue
  Sub:
    Value: !Sub "\${Word}-\${AWS::Region}"`;
const BAD = `Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      Nope: 1`;
const WITH_CODE = `Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: lambda.amazonaws.com}
            Action: sts:AssumeRole
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: ./code`;

export const cloudformation: Session = {
  name: 'cloudformation',
  steps: [
    ok(
      `cat > template.yaml <<'EOF'\n${TEMPLATE}\nEOF\ncat > bad.yaml <<'EOF'\n${BAD}\nEOF\ncat > code.yaml <<'EOF'\n${WITH_CODE}\nEOF`,
    ),
    ok('aws cloudformation validate-template --template-body file://template.yaml', /"ParameterKey": "Word"/),
    ok('aws cloudformation deploy --stack-name cli --template-file template.yaml', /Successfully created\/updated stack - cli/),
    fails(
      'aws cloudformation deploy --stack-name cli --template-file template.yaml',
      /No changes to deploy\. Stack cli is up to date/,
    ),
    ok(
      'aws cloudformation deploy --stack-name cli --template-file template.yaml --parameter-overrides Word=bye --tags a=b',
      /Successfully created/,
    ),
    ok(
      'aws cloudformation describe-stacks --stack-name cli --query "Stacks[0].Outputs[?OutputKey==\'Sub\'].OutputValue" --output text',
      /bye-eu-west-1/,
    ),
    ok('aws cloudformation describe-stack-events --stack-name cli --max-items 3', /UPDATE_COMPLETE/),
    ok('aws cloudformation describe-stack-resources --stack-name cli --output table', /AWS::SQS::Queue/),
    ok(
      'aws cloudformation describe-stack-resource --stack-name cli --logical-resource-id Queue',
      /"ResourceStatus": "UPDATE_COMPLETE"/,
    ),
    ok('aws cloudformation list-stack-resources --stack-name cli', /"LogicalResourceId": "Queue"/),
    ok(
      'aws cloudformation list-stacks --stack-status-filter UPDATE_COMPLETE --query "StackSummaries[].StackName" --output text',
      /cli/,
    ),
    ok('aws cloudformation get-template --stack-name cli --query TemplateBody --output text', /AWS::SQS::Queue/),
    fails(
      'aws cloudformation deploy --stack-name cli-bad --template-file bad.yaml',
      /Failed to create\/update the stack|Failed to create the changeset/,
    ),
    ok(
      'aws cloudformation create-stack --stack-name cli-two --template-body file://template.yaml --parameters ParameterKey=Word,ParameterValue=x && aws cloudformation wait stack-create-complete --stack-name cli-two',
      /StackId/,
    ),
    ok(
      'aws cloudformation update-stack --stack-name cli-two --use-previous-template --parameters ParameterKey=Word,ParameterValue=y && aws cloudformation wait stack-update-complete --stack-name cli-two',
      /StackId/,
    ),
    fails(
      'aws cloudformation update-stack --stack-name cli-two --use-previous-template --parameters ParameterKey=Word,ParameterValue=y',
      /ValidationError.*No updates are to be performed/,
    ),
    ok(
      'aws cloudformation create-change-set --stack-name cli-two --change-set-name c --use-previous-template --parameters ParameterKey=Word,ParameterValue=z && aws cloudformation wait change-set-create-complete --stack-name cli-two --change-set-name c',
    ),
    ok('aws cloudformation describe-change-set --stack-name cli-two --change-set-name c', /"Action": "Modify"/),
    ok(
      'aws cloudformation execute-change-set --stack-name cli-two --change-set-name c && aws cloudformation wait stack-update-complete --stack-name cli-two',
    ),
    ok('aws s3 mb s3://cli-artefacts && mkdir -p code && echo "exports.handler = async () => 1;" > code/index.js'),
    ok(
      'aws cloudformation package --template-file code.yaml --s3-bucket cli-artefacts --output-template-file packaged.yaml',
      /Successfully packaged/,
    ),
    ok(
      'aws cloudformation deploy --stack-name cli-code --template-file packaged.yaml --capabilities CAPABILITY_IAM',
      /Successfully created/,
    ),
    fails('aws cloudformation deploy --stack-name cli-code2 --template-file packaged.yaml', /InsufficientCapabilities/),
    ok(
      'F=$(aws cloudformation describe-stack-resources --stack-name cli-code --logical-resource-id Function --query "StackResources[0].PhysicalResourceId" --output text); aws lambda invoke --function-name $F out.json && cat out.json',
      /^1$/m,
    ),
    fails('aws cloudformation describe-stacks --stack-name none', /ValidationError.*Stack with id none does not exist/),
    ok('aws cloudformation delete-stack --stack-name cli && aws cloudformation wait stack-delete-complete --stack-name cli'),
    ok('aws cloudformation list-exports', /"Exports": \[\]/),
  ],
};

export const cloudwatch: Session = {
  name: 'cloudwatch',
  steps: [
    ok('aws cloudwatch put-metric-data --namespace Cli --metric-name m --value 7 --unit Count --dimensions a=b'),
    ok('aws cloudwatch list-metrics --namespace Cli', /"MetricName": "m"/),
    ok(
      'aws cloudwatch get-metric-statistics --namespace Cli --metric-name m --dimensions Name=a,Value=b --start-time $(date -u -d "-1 hour" +%FT%TZ) --end-time $(date -u -d "+1 hour" +%FT%TZ) --period 60 --statistics Sum Average',
      /"Sum": 7/,
    ),
    ok(
      `aws cloudwatch get-metric-data --start-time $(date -u -d "-1 hour" +%FT%TZ) --end-time $(date -u -d "+1 hour" +%FT%TZ) --metric-data-queries '[{"Id":"q","MetricStat":{"Metric":{"Namespace":"Cli","MetricName":"m","Dimensions":[{"Name":"a","Value":"b"}]},"Period":60,"Stat":"Maximum"}}]'`,
      /"Values": \[\s*7/,
    ),
    ok(
      'aws cloudwatch put-metric-alarm --alarm-name cli --namespace Cli --metric-name m --dimensions Name=a,Value=b --statistic Sum --period 60 --evaluation-periods 1 --threshold 5 --comparison-operator GreaterThanThreshold',
    ),
    ok('aws cloudwatch describe-alarms --alarm-names cli --output table', /DescribeAlarms/),
    ok(
      'aws cloudwatch describe-alarms --alarm-name-prefix cl --query "MetricAlarms[].StateValue" --output text',
      /OK|ALARM|INSUFFICIENT_DATA/,
    ),
    ok(
      'aws cloudwatch set-alarm-state --alarm-name cli --state-value ALARM --state-reason test && aws cloudwatch describe-alarm-history --alarm-name cli --max-items 2',
      /HistoryItemType/,
    ),
    ok('aws cloudwatch wait alarm-exists --alarm-names cli'),
    ok(
      'aws cloudwatch describe-alarms-for-metric --namespace Cli --metric-name m --dimensions Name=a,Value=b',
      /"AlarmName": "cli"/,
    ),
    fails('aws cloudwatch put-metric-data --namespace Cli --metric-name m --value NaN', /InvalidParameterValue/),
    ok('aws cloudwatch delete-alarms --alarm-names cli'),
    ok(
      `aws cloudwatch put-dashboard --dashboard-name cli --dashboard-body '{"widgets":[]}' && aws cloudwatch list-dashboards`,
      /"DashboardName": "cli"/,
    ),
  ],
};

export const apigateway: Session = {
  name: 'apigateway',
  steps: [
    keep('API', 'aws apigateway create-rest-api --name cli --query id --output text'),
    keep('ROOT', 'aws apigateway get-resources --rest-api-id $API --query "items[0].id" --output text'),
    keep(
      'RESOURCE',
      'aws apigateway create-resource --rest-api-id $API --parent-id $ROOT --path-part ping --query id --output text',
    ),
    ok(
      'aws apigateway put-method --rest-api-id $API --resource-id $RESOURCE --http-method GET --authorization-type NONE',
      /"httpMethod": "GET"/,
    ),
    ok(
      `aws apigateway put-integration --rest-api-id $API --resource-id $RESOURCE --http-method GET --type MOCK --request-templates '{"application/json":"{\\"statusCode\\": 200}"}'`,
      /MOCK/,
    ),
    ok('aws apigateway put-method-response --rest-api-id $API --resource-id $RESOURCE --http-method GET --status-code 200'),
    ok(
      `aws apigateway put-integration-response --rest-api-id $API --resource-id $RESOURCE --http-method GET --status-code 200 --response-templates '{"application/json":"pong"}'`,
    ),
    ok('aws apigateway create-deployment --rest-api-id $API --stage-name s', /"id"/),
    ok('curl -s $AWS_ENDPOINT_URL/restapis/$API/s/_user_request_/ping', /^pong$/),
    ok('aws apigateway get-rest-apis --output text', /cli/),
    ok('aws apigateway get-stages --rest-api-id $API', /"stageName": "s"/),
    ok(
      `aws apigateway update-stage --rest-api-id $API --stage-name s --patch-operations op=replace,path=/*/*/throttling/rateLimit,value=5`,
      /"throttlingRateLimit": 5/,
    ),
    keep('KEY', 'aws apigateway create-api-key --name cli --enabled --query id --output text'),
    ok('aws apigateway get-api-key --api-key $KEY --include-value', /"value"/),
    keep(
      'PLAN',
      'aws apigateway create-usage-plan --name cli --api-stages apiId=$API,stage=s --throttle burstLimit=1,rateLimit=1 --query id --output text',
    ),
    ok(
      'aws apigateway create-usage-plan-key --usage-plan-id $PLAN --key-id $KEY --key-type API_KEY && aws apigateway get-usage-plan-keys --usage-plan-id $PLAN',
      /"items"/,
    ),
    ok('aws apigateway get-usage --usage-plan-id $PLAN --start-date $(date -u +%F) --end-date $(date -u +%F)', /usagePlanId/),
    fails('aws apigateway get-rest-api --rest-api-id none', /NotFoundException.*Invalid API identifier specified/),
    ok('aws apigateway delete-rest-api --rest-api-id $API'),
  ],
};
