import { fails, ok, type Session } from '../steps';

const ROLE = 'arn:aws:iam::000000000000:role/cli-sagemaker';
const TRUST = `'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}'`;
const WORK = `'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","logs:*","sagemaker:*","cloudwatch:*"],"Resource":"*"}]}'`;
const INFERENCE = `def model_fn(folder):
    return folder
def input_fn(body, content_type):
    return body
def predict_fn(data, model):
    if data == 'fail':
        raise ValueError('bad row')
    return data
def output_fn(prediction, accept):
    return prediction, 'text/plain'`;
const CONTAINER =
  'Image=141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.0-5,ModelDataUrl=s3://cli-models/model.tar.gz,Environment={SAGEMAKER_PROGRAM=inference.py,SAGEMAKER_SUBMIT_DIRECTORY=/opt/ml/model}';
const VARIANT = 'VariantName=v,ModelName=cli,InstanceType=ml.m5.large,InitialInstanceCount=1';

export const sagemaker: Session = {
  name: 'sagemaker',
  steps: [
    ok(`aws iam create-role --role-name cli-sagemaker --assume-role-policy-document ${TRUST}`),
    ok(`aws iam put-role-policy --role-name cli-sagemaker --policy-name p --policy-document ${WORK}`),
    ok(
      `cat > inference.py <<'EOF'\n${INFERENCE}\nEOF\ntar czf model.tar.gz inference.py && aws s3 mb s3://cli-models && aws s3 cp model.tar.gz s3://cli-models`,
    ),
    ok(`aws sagemaker create-model --model-name cli --execution-role-arn ${ROLE} --primary-container '${CONTAINER}'`, /ModelArn/),
    ok(`aws sagemaker create-endpoint-config --endpoint-config-name cli --production-variants ${VARIANT}`, /EndpointConfigArn/),
    ok('aws sagemaker create-endpoint --endpoint-name cli --endpoint-config-name cli', /EndpointArn/),
    ok(
      'for i in $(seq 30); do S=$(aws sagemaker describe-endpoint --endpoint-name cli --query EndpointStatus --output text); [ $S = InService ] && break; advance 30000 > /dev/null; done; aws sagemaker wait endpoint-in-service --endpoint-name cli && aws sagemaker list-endpoints --output table',
      /InService/,
    ),
    ok(
      "aws sagemaker-runtime invoke-endpoint --endpoint-name cli --content-type text/csv --body '1,2' out.txt && cat out.txt",
      /"InvokedProductionVariant": "v"[\s\S]*1,2/,
    ),
    fails(
      'aws sagemaker-runtime invoke-endpoint --endpoint-name cli --content-type text/csv --body fail out.txt',
      /ModelError.*Received server error \(500\) from primary/,
    ),
    fails(
      'aws sagemaker-runtime invoke-endpoint --endpoint-name none --body x out.txt',
      /ValidationError.*Endpoint none of account 000000000000 not found/,
    ),
    ok('aws sagemaker list-models --name-contains cli --query "Models[].ModelName" --output text', /cli/),
    ok('aws sagemaker describe-endpoint-config --endpoint-config-name cli', /"VariantName": "v"/),
    fails('aws sagemaker describe-model --model-name none', /ValidationException.*Could not find model/),
    ok(
      'aws sagemaker list-training-jobs && aws sagemaker list-processing-jobs && aws sagemaker list-pipelines && aws sagemaker list-model-package-groups',
      /"PipelineSummaries": \[/,
    ),
    ok(
      `aws sagemaker create-feature-group --feature-group-name cli --record-identifier-feature-name id --event-time-feature-name at --feature-definitions FeatureName=id,FeatureType=String FeatureName=at,FeatureType=String FeatureName=n,FeatureType=Integral --online-store-config EnableOnlineStore=true`,
      /FeatureGroupArn/,
    ),
    ok(
      'for i in $(seq 10); do S=$(aws sagemaker describe-feature-group --feature-group-name cli --query FeatureGroupStatus --output text); [ $S = Created ] && break; advance 30000 > /dev/null; done; echo $S',
      /Created/,
    ),
    ok(
      'aws sagemaker-featurestore-runtime put-record --feature-group-name cli --record FeatureName=id,ValueAsString=a FeatureName=at,ValueAsString=2026-01-01T00:00:00Z FeatureName=n,ValueAsString=7',
    ),
    ok(
      'aws sagemaker-featurestore-runtime get-record --feature-group-name cli --record-identifier-value-as-string a --query "Record[?FeatureName==\'n\'].ValueAsString" --output text',
      /^7$/m,
    ),
    ok(
      'aws sagemaker-featurestore-runtime batch-get-record --identifiers FeatureGroupName=cli,RecordIdentifiersValueAsString=a,b',
      /"Records"/,
    ),
    fails(
      'aws sagemaker-featurestore-runtime put-record --feature-group-name cli --record FeatureName=id,ValueAsString=a',
      /ValidationError/,
    ),
    fails('aws sagemaker list-notebook-instances', /does not support sagemaker:ListNotebookInstances/),
    ok('aws sagemaker delete-endpoint --endpoint-name cli && aws sagemaker wait endpoint-deleted --endpoint-name cli'),
  ],
};
