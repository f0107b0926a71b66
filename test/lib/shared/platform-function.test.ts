import { FUNCTIONS } from '../../../lib/shared/artefacts';
import { exampleTemplates } from '../../support/example-templates';
import { assumedBy } from '../../support/grants';
import type { StackName } from '../../support/stage-templates';

const templates = exampleTemplates();
const STACK_OF_FUNCTIONS: readonly (readonly [StackName, string])[] = [
  ['models', 'RegistrySeed'],
  ...['Aggregation', 'Watcher', 'Retraining', 'Promotion'].map((worker) => ['application', `${worker}Function`] as const),
  ...['authorizer', 'predict', 'outcomes', 'events', 'models'].map((name) => ['application', `Functions${name}`] as const),
];

test('every function of the platform is deployed, by its name', () => {
  const deployed = STACK_OF_FUNCTIONS.map(([stack, id]) => templates.properties('prod', stack, id).FunctionName);

  expect(deployed.toSorted()).toEqual(FUNCTIONS.map((name) => `slipway-prod-${name}`));
});

test.each(STACK_OF_FUNCTIONS)('in %s, %s has a role and an encrypted log group of its own, and is traced', (stack, id) => {
  const { FunctionName, ...properties } = templates.properties('prod', stack, id);

  expect(properties).toMatchObject({
    Role: `<${id}Role.Arn>`,
    LoggingConfig: { LogGroup: `<${id}Logs>` },
    TracingConfig: { Mode: 'Active' },
    Runtime: 'nodejs24.x',
    Architectures: ['x86_64'],
    Handler: 'index.handler',
    Environment: {
      Variables: { STAGE: 'prod', POWERTOOLS_SERVICE_NAME: String(FunctionName).replace('slipway-prod-', '') },
    },
  });
  expect(templates.properties('prod', stack, `${id}Logs`)).toMatchObject({
    LogGroupName: `/aws/lambda/${String(FunctionName)}`,
    KmsKeyId: '<KeysLogsArn>',
    RetentionInDays: 180,
  });
});

test.each(STACK_OF_FUNCTIONS)('in %s, only Lambda acts in the role of %s, and no managed policy widens it', (stack, id) => {
  expect(templates.trust('prod', stack, `${id}Role`)).toEqual(assumedBy('lambda.amazonaws.com'));
  expect(templates.properties('prod', stack, `${id}Role`)).not.toHaveProperty('ManagedPolicyArns');
});

test('a function that says nothing else has ten seconds and 512 MiB', () => {
  expect(templates.properties('dev', 'application', 'RetrainingFunction')).toMatchObject({ MemorySize: 512 });
  expect(templates.properties('dev', 'application', 'Functionspredict')).toMatchObject({ Timeout: 10 });
});

test('logs of dev go sooner', () => {
  expect(templates.properties('dev', 'application', 'FunctionspredictLogs')).toMatchObject({ RetentionInDays: 30 });
});
