import type { Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { names } from '../../../core/naming';
import { ENDPOINT_WILDCARDS, EndpointFleet, INVOKE_WILDCARDS } from '../../../lib/serving/endpoint-fleet';
import { grantsOf, statementsOf } from '../../support/role-grants';

const fleetIn = (stack: Stack): EndpointFleet => new EndpointFleet(names('prod'), new Key(stack, 'Key'));

test('who predicts may ask the endpoints and nothing else', () => {
  expect(grantsOf((role, stack) => fleetIn(stack).grantInvoke(role))).toEqual({
    'sagemaker:InvokeEndpoint': ['sagemaker:endpoint/slipway-prod-*'],
  });
});

test('who tells about models may describe endpoints and nothing else', () => {
  expect(grantsOf((role, stack) => fleetIn(stack).grantDescribe(role))).toEqual({
    'sagemaker:DescribeEndpoint': ['sagemaker:endpoint/slipway-prod-*'],
  });
});

test('who rolls out makes models and configurations, updates endpoints, and deletes none', () => {
  expect(grantsOf((role, stack) => fleetIn(stack).grantRollOut(role))).toEqual({
    'sagemaker:CreateModel': ['sagemaker:model/slipway-prod-*'],
    'sagemaker:CreateEndpointConfig': ['sagemaker:endpoint-config/slipway-prod-*'],
    'sagemaker:DescribeEndpointConfig': ['sagemaker:endpoint-config/*'],
    'sagemaker:UpdateEndpoint': ['sagemaker:endpoint-config/slipway-prod-*', 'sagemaker:endpoint/slipway-prod-*'],
    'kms:CreateGrant': ['<Key.Arn>'],
    'kms:DescribeKey': ['<Key.Arn>'],
    'iam:PassRole': ['iam:role/slipway-prod-*-serving'],
  });
});

test('roles are passed to SageMaker only', () => {
  const passing = statementsOf((role, stack) => fleetIn(stack).grantRollOut(role)).filter(({ Action }) =>
    [Action].flat().includes('iam:PassRole'),
  );

  expect(passing.map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  ]);
});

test.each([
  ['Resource::arn:aws:sagemaker:r:a:endpoint/slipway-dev-*', true],
  ['Resource::arn:aws:sagemaker:r:a:endpoint/*', false],
  ['Resource::arn:aws:sagemaker:r:a:model/slipway-dev-*', false],
])('of the wildcards of asking, %s is explained: %p', (finding, explained) => {
  expect(INVOKE_WILDCARDS.some(({ pattern }) => pattern.test(finding))).toBe(explained);
});

test.each([
  ['Resource::arn:aws:sagemaker:r:a:model/slipway-dev-*', true],
  ['Resource::arn:aws:sagemaker:r:a:endpoint-config/*', true],
  ['Resource::arn:aws:iam::a:role/slipway-dev-*-serving', true],
  ['Resource::arn:aws:iam::a:role/*', false],
  ['Resource::arn:aws:sagemaker:r:a:model/*', false],
])('of the wildcards of rolling out, %s is explained: %p', (finding, explained) => {
  expect(ENDPOINT_WILDCARDS.some(({ pattern }) => pattern.test(finding))).toBe(explained);
});
