const statement = (Action: readonly string[], Resource: string | readonly string[] = '*'): object => ({
  Effect: 'Allow',
  Action,
  Resource,
});

const document = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/**
 * AWS managed policies that CDK's constructs and bootstrap attach. Source: AWS Managed Policy Reference.
 * ReadOnlyAccess lists thousands of actions there; its reading verbs stand for them here.
 */
const DOCUMENTS: Readonly<Record<string, string>> = {
  AdministratorAccess: document(statement(['*'])),
  ReadOnlyAccess: document(
    statement(['*:Describe*', '*:Get*', '*:List*', '*:BatchGet*', '*:Search*', '*:Query', '*:Scan', 'apigateway:GET']),
  ),
  AWSCloudFormationReadOnlyAccess: document(
    statement(
      ['Describe*', 'EstimateTemplateCost', 'Get*', 'List*', 'ValidateTemplate', 'Detect*'].map(
        (verb) => `cloudformation:${verb}`,
      ),
    ),
  ),
  'service-role/AWSLambdaBasicExecutionRole': document(statement(LOGS)),
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': document(
    statement([...LOGS, 'logs:DescribeLogGroups', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:FilterLogEvents']),
  ),
};

const PREFIX = 'arn:aws:iam::aws:policy/';

/** Document of an AWS managed policy by its ARN; undefined for one that is not known here. */
export function managedPolicy(arn: string): string | undefined {
  return arn.startsWith(PREFIX) ? DOCUMENTS[arn.slice(PREFIX.length)] : undefined;
}
