export const STACK = 'bench';
export const TABLE = 'bench';

const PLAIN = 'exports.handler = async () => ({ statusCode: 200, body: "{}" });';
const AUTHORIZER = `exports.handler = async ({ methodArn }) => ({
  principalId: 'bench',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn.split('/').slice(0, 2).join('/') + '/*' }] },
});`;
const READER = `const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
exports.handler = async () => {
  const { Item } = await client.send(new GetItemCommand({ TableName: '${TABLE}', Key: { id: { S: 'a' } } }));
  return { statusCode: Item === undefined ? 404 : 200, body: JSON.stringify(Item) };
};`;

const resource = (Type: string, Properties: object, more: object = {}): object => ({ Type, Properties, ...more });
const arnOf = (id: string): object => ({ 'Fn::GetAtt': [id, 'Arn'] });
const uriOf = (id: string): object => ({
  'Fn::Join': [
    '',
    ['arn:aws:apigateway:', { Ref: 'AWS::Region' }, ':lambda:path/2015-03-31/functions/', arnOf(id), '/invocations'],
  ],
});

function functionResources(id: string, ZipFile: string): Record<string, object> {
  return {
    [id]: resource('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      MemorySize: 256,
      Role: arnOf('Role'),
      Code: { ZipFile },
    }),
    [`${id}Permission`]: resource('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: arnOf(id),
      Principal: 'apigateway.amazonaws.com',
    }),
  };
}

function methodResources(id: string, path: string, target: string): Record<string, object> {
  return {
    [`${id}Path`]: resource('AWS::ApiGateway::Resource', {
      RestApiId: { Ref: 'Api' },
      ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
      PathPart: path,
    }),
    [`${id}Method`]: resource('AWS::ApiGateway::Method', {
      RestApiId: { Ref: 'Api' },
      ResourceId: { Ref: `${id}Path` },
      HttpMethod: 'GET',
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: 'Authorizer' },
      Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: uriOf(target) },
    }),
  };
}

const ROLE = resource('AWS::IAM::Role', {
  AssumeRolePolicyDocument: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
  },
  Policies: [
    {
      PolicyName: 'bench',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: arnOf('Table') },
          { Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
        ],
      },
    },
  ],
});

/** GET /plain and GET /read behind a cached REQUEST authorizer; /read gets one item of a table. */
export function localApiTemplate(): object {
  return {
    Resources: {
      Table: resource('AWS::DynamoDB::Table', {
        TableName: TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
      Role: ROLE,
      ...functionResources('Plain', PLAIN),
      ...functionResources('Reader', READER),
      ...functionResources('Judge', AUTHORIZER),
      Api: resource('AWS::ApiGateway::RestApi', { Name: 'bench' }),
      Authorizer: resource('AWS::ApiGateway::Authorizer', {
        RestApiId: { Ref: 'Api' },
        Name: 'judge',
        Type: 'REQUEST',
        AuthorizerUri: uriOf('Judge'),
        IdentitySource: 'method.request.header.Authorization',
        AuthorizerResultTtlInSeconds: 300,
      }),
      ...methodResources('Plain', 'plain', 'Plain'),
      ...methodResources('Read', 'read', 'Reader'),
      Deployment: resource(
        'AWS::ApiGateway::Deployment',
        { RestApiId: { Ref: 'Api' } },
        { DependsOn: ['PlainMethod', 'ReadMethod'] },
      ),
      Stage: resource('AWS::ApiGateway::Stage', {
        RestApiId: { Ref: 'Api' },
        DeploymentId: { Ref: 'Deployment' },
        StageName: 'v1',
      }),
    },
    Outputs: { Api: { Value: { Ref: 'Api' } } },
  };
}
