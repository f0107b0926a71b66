import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DeadLetters, QUEUE_KEY_WILDCARDS } from '../../../lib/shared/dead-letters';
import { testApp } from '../../support/app';
import { exampleTemplates } from '../../support/example-templates';

const stack = new Stack(testApp(), 'Stack');
new DeadLetters(stack, 'Failed', { key: new Key(stack, 'Key'), queueName: 'what-failed' });
const template = Template.fromStack(stack);

test('what failed is encrypted and kept for two weeks', () => {
  template.hasResourceProperties('AWS::SQS::Queue', {
    QueueName: 'what-failed',
    MessageRetentionPeriod: 14 * 24 * 3600,
    KmsMasterKeyId: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] },
  });
});

test('nobody sends or receives without TLS', () => {
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: [
        { Effect: 'Deny', Action: 'sqs:*', Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ],
    },
  });
});

test('every queue of the platform is one, with the key of logs', () => {
  const queues = exampleTemplates().propertiesOf('prod', 'application', 'AWS::SQS::Queue');

  expect(queues.map(({ QueueName }) => QueueName).toSorted()).toEqual(
    ['aggregate-failed', 'promote-failed', 'quarantine', 'retrain-failed', 'watch-failed'].map((name) => `slipway-prod-${name}`),
  );
  for (const queue of queues)
    expect(queue).toMatchObject({ KmsMasterKeyId: '<KeysLogsArn>', MessageRetentionPeriod: 14 * 24 * 3600 });
});

test.each([
  ['Action::kms:GenerateDataKey*', true],
  ['Action::kms:ReEncrypt*', true],
  ['Action::kms:*', false],
  ['Action::kms:Decrypt*', false],
])('of the wildcards, %s is explained: %p', (finding, explained) => {
  expect(QUEUE_KEY_WILDCARDS.some(({ pattern }) => pattern.test(finding))).toBe(explained);
});
