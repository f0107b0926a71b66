import { join } from 'node:path';
import { App, CfnOutput, CustomResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';

// One stack as anybody might write it, changed by the context value `word`.
const app = new App();
const word = String(app.node.tryGetContext('word') ?? 'hello');
const stack = new Stack(app, 'small', { env: { account: '000000000000', region: 'eu-west-1' }, tags: { word } });
const bucket = new Bucket(stack, 'Bucket', { versioned: word !== 'hello', removalPolicy: RemovalPolicy.DESTROY });
const table = new Table(stack, 'Table', {
  partitionKey: { name: 'id', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  removalPolicy: RemovalPolicy.DESTROY,
});
const handler = new LambdaFunction(stack, 'Handler', {
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromAsset(join(__dirname, 'handler')),
  environment: { VERSION: word, TABLE: table.tableName },
});
table.grantReadWriteData(handler);
const greeting = new CustomResource(stack, 'Greeting', {
  serviceToken: handler.functionArn,
  resourceType: 'Custom::Greeting',
  properties: { word, bucket: bucket.bucketName },
});
new CfnOutput(stack, 'Word', { value: greeting.getAttString('Word') });
new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
new CfnOutput(stack, 'TableName', { value: table.tableName });
new CfnOutput(stack, 'HandlerName', { value: handler.functionName });
