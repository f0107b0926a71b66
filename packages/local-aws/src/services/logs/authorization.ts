import { ANY, actionsOn, arnOf, type Input, type Rights, type Scope } from '../../iam/rights';

/** Also for a whole group the resource is that of a stream, of no name: policies name `log-group:<name>:*`. */
function streamArn(input: Input, scope: Scope): string {
  const group = String(input.logGroupIdentifier ?? input.logGroupName ?? '').replace(/^arn:.*:log-group:/, '');
  return arnOf('logs', scope, `log-group:${group}:log-stream:${input.logStreamName ?? ''}`);
}

/** Rights of CloudWatch Logs' operations. Source: Service Authorization Reference, "Amazon CloudWatch Logs". */
export const logsRights: Rights = actionsOn('logs', [
  [
    `CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy CreateLogStream DescribeLogStreams FilterLogEvents
     DeleteLogStream PutLogEvents GetLogEvents`,
    streamArn,
  ],
  ['DescribeLogGroups', ANY],
]);
