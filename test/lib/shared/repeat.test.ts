import { exampleTemplates } from '../../support/example-templates';
import { assumedBy, OWN_ACCOUNT } from '../../support/grants';

const templates = exampleTemplates();

test.each([
  ['Watcher', 'Publish'],
  ['Retraining', 'Reexamine'],
])('what %s repeats is encrypted, tried four times, and kept when it cannot be delivered', (worker, schedule) => {
  expect(templates.properties('prod', 'application', `${worker}${schedule}`)).toMatchObject({
    State: 'ENABLED',
    FlexibleTimeWindow: { Mode: 'OFF' },
    KmsKeyArn: '<KeysLogsArn>',
    Target: {
      Arn: `<${worker}Function.Arn>`,
      RoleArn: `<${worker}${schedule}Role.Arn>`,
      DeadLetterConfig: { Arn: `<${worker}Failed.Arn>` },
      RetryPolicy: { MaximumRetryAttempts: 3 },
    },
  });
});

test.each(['WatcherPublishRole', 'RetrainingReexamineRole'])('only the scheduler, for this account, acts in %s', (role) => {
  expect(templates.trust('prod', 'application', role)).toEqual(assumedBy('scheduler.amazonaws.com', OWN_ACCOUNT));
});

test('nothing else is repeated', () => {
  expect(templates.propertiesOf('prod', 'application', 'AWS::Scheduler::Schedule')).toHaveLength(2);
});
