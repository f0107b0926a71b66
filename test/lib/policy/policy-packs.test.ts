import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { LoudChecks } from '../../../lib/policy/loud-checks';
import { policyPacks } from '../../../lib/policy/policy-packs';
import { testApp } from '../../support/app';
import { check } from '../../support/nag';

test('the packs of a synthesis are those of AWS Solutions and of serverless, and none can fail in silence', () => {
  const packs = policyPacks(testApp());

  expect(packs.map(({ name }) => name)).toEqual(['AwsSolutions', 'Serverless']);
  expect(packs.filter((pack) => !(pack instanceof LoudChecks))).toEqual([]);
});

test('they judge', () => {
  const app = testApp();
  new Bucket(new Stack(app, 'Stack'), 'Open');
  const [solutions] = policyPacks(app);

  expect(solutions === undefined ? undefined : check(app, solutions).success).toBe(false);
});
