import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quotasOf } from '../../../core/quotas';
import { examplePlatform, exampleTemplates } from '../../support/example-templates';
import { STACKS } from '../../support/stage-templates';

/** Types that hold data; losing one is losing it. */
const STATEFUL = [
  'AWS::Cognito::UserPool',
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::S3::Bucket',
  'AWS::SageMaker::FeatureGroup',
  'AWS::SageMaker::ModelPackageGroup',
];

const templates = exampleTemplates();

test('in production everything that holds data is retained, also when it is replaced, and the stacks are protected', () => {
  const lost = templates
    .all('prod')
    .filter(
      ([, it]) =>
        STATEFUL.includes(it.Type) && (it.DeletionPolicy !== 'RetainExceptOnCreate' || it.UpdateReplacePolicy !== 'Retain'),
    );

  expect(lost.map(([id]) => id)).toEqual([]);
  expect(STACKS.map((stack) => templates.isProtected('prod', stack))).toEqual([true, true, true, true, true]);
  expect(STACKS.map((stack) => templates.isProtected('dev', stack))).toEqual([false, false, false, false, false]);
});

test('logical ids of what holds data are those that are committed', () => {
  const ids = Object.fromEntries(
    STACKS.map((stack) => [
      stack,
      Object.fromEntries(
        templates.resources('prod', stack).flatMap(([id, { Type }]) => (STATEFUL.includes(Type) ? [[id, Type]] : [])),
      ),
    ]),
  );

  expect(ids).toEqual(JSON.parse(readFileSync(join(__dirname, 'stateful-ids.json'), 'utf8')));
});

test('no policy allows an action of everything', () => {
  const broad = examplePlatform.stages.flatMap(({ name }) =>
    templates
      .all(name)
      .filter(
        ([, { Type, Properties }]) =>
          Type === 'AWS::IAM::Policy' && /"Action":("\*"|"[a-z]+:\*"|\[[^\]]*"[a-z]+:\*")/.test(JSON.stringify(Properties)),
      ),
  );

  expect(broad.map(([id]) => id)).toEqual([]);
});

test('no role but that of the gateway, for which AWS asks it, has a managed policy', () => {
  const managed = examplePlatform.stages.flatMap(({ name }) =>
    templates
      .all(name)
      .filter(([, { Type, Properties }]) => Type === 'AWS::IAM::Role' && Properties.ManagedPolicyArns !== undefined),
  );

  expect(managed.map(([id]) => id)).toEqual(examplePlatform.stages.map(() => expect.stringMatching(/^ApiCloudWatchRole/)));
});

test('in production no table is deleted by a slip', () => {
  const tables = (stage: string) => templates.all(stage).filter(([, { Type }]) => Type === 'AWS::DynamoDB::Table');

  expect(tables('prod').map(([, { Properties }]) => Properties.DeletionProtectionEnabled)).toEqual([true, true, true]);
  expect(tables('dev').some(([, { Properties }]) => Properties.DeletionProtectionEnabled === true)).toBe(false);
});

test('what a stage reserves of the concurrency of Lambda is what its quotas say', () => {
  for (const stage of examplePlatform.stages) {
    const reserved = templates
      .all(stage.name)
      .flatMap(([, { Properties }]) => (Properties?.ReservedConcurrentExecutions as number | undefined) ?? []);
    const asked = quotasOf(examplePlatform, stage).find(({ service }) => service === 'Lambda')?.needed;

    // Lambda keeps 100 unreserved.
    expect(reserved.reduce((sum, one) => sum + one, 100)).toBe(asked);
  }
});

test('what holds data, and every function, tells its platform and stage', () => {
  const untagged = templates
    .all('prod')
    .filter(([, { Type }]) => STATEFUL.includes(Type) || Type === 'AWS::Lambda::Function')
    .filter(([, { Properties }]) => {
      const tags = JSON.stringify(Properties.Tags ?? Properties.UserPoolTags ?? null);
      return !/"platform".*"slipway"/.test(tags) || !/"stage".*"prod"/.test(tags);
    });

  expect(untagged.map(([id]) => id)).toEqual([]);
});
