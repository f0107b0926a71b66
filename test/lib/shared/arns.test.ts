import { Stack } from 'aws-cdk-lib';
import { arnOf, roleArnPrefix } from '../../../lib/shared/arns';
import { textOf } from '../../support/stage-templates';

function text(value: string): string {
  return textOf(new Stack().resolve(value));
}

test("an ARN is of the deployment's own partition, region and account", () => {
  expect(text(arnOf('kinesis', 'stream/a-stream'))).toBe(
    'arn:<AWS::Partition>:kinesis:<AWS::Region>:<AWS::AccountId>:stream/a-stream',
  );
});

test('roles have no region', () => {
  expect(text(`${roleArnPrefix()}a-role`)).toBe('arn:<AWS::Partition>:iam::<AWS::AccountId>:role/a-role');
});
