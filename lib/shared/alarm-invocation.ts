import { Aws } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Names } from '../../core/naming';
import { arnOf } from './arns';

/**
 * Lets every alarm of the stage invoke a function, by one permission: one per alarm would end at the 20 KB that a function's resource
 * policy may have. Gives the action for the alarms.
 */
export function invokedByAlarms(target: LambdaFunction, names: Names): IAlarmAction {
  target.addPermission('Alarms', {
    principal: new ServicePrincipal('lambda.alarms.cloudwatch.amazonaws.com'),
    sourceAccount: Aws.ACCOUNT_ID,
    sourceArn: arnOf('cloudwatch', `alarm:${names.of('*')}`),
  });
  return { bind: () => ({ alarmActionArn: target.functionArn }) };
}
