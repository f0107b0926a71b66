import { Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { acknowledge } from '../../../lib/shared/acknowledge';
import { testApp } from '../../support/app';
import { check, findings } from '../../support/nag';

const REASON = 'This queue is itself the dead-letter queue of its producers.';

test('a finding that is acknowledged is settled on its own resource, and no other finding with it', () => {
  const app = testApp();
  const stack = new Stack(app, 'Stack');
  const queue = new Queue(stack, 'One');
  new Queue(stack, 'Two');

  acknowledge(queue, [['AwsSolutions-SQS3', REASON]]);

  expect(findings(check(app, new AwsSolutionsChecks(app))).toSorted()).toEqual([
    'AwsSolutions-SQS3 Stack/Two/Resource',
    'AwsSolutions-SQS4 Stack/One/Resource',
    'AwsSolutions-SQS4 Stack/Two/Resource',
  ]);
});

test('a reason that says nothing is refused', () => {
  const queue = new Queue(new Stack(testApp(), 'Stack'), 'Queue');

  expect(() => acknowledge(queue, [['AwsSolutions-SQS3', 'not needed']])).toThrow(
    "Stack/Queue: the acknowledgement of AwsSolutions-SQS3 needs a reason of at least 20 characters, given 'not needed'",
  );
});
