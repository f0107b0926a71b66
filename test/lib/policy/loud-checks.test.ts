import type { IPolicyValidationPlugin } from 'aws-cdk-lib';
import { LoudChecks } from '../../../lib/policy/loud-checks';
import { testApp } from '../../support/app';
import { check, findings } from '../../support/nag';

const pack = (validate: IPolicyValidationPlugin['validate']): IPolicyValidationPlugin => ({ name: 'pack', validate });

test('what a pack reports is reported', () => {
  const report = { success: true, violations: [] };

  expect(check(testApp(), new LoudChecks(pack(() => report)))).toBe(report);
});

test('a pack that fails has judged nothing, which is a finding', () => {
  const failing = new LoudChecks(
    pack(() => {
      throw new Error('no such rule');
    }),
  );

  const report = check(testApp(), failing);
  expect(failing.name).toBe('pack');
  expect(report.success).toBe(false);
  expect(findings(report)).toEqual(['FailedPack App']);
  expect(report.violations[0]?.description).toBe('pack could not judge the templates: no such rule');
});
