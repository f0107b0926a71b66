import { exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();
const WORKERS = ['Aggregation', 'Watcher', 'Retraining', 'Promotion'] as const;
const NAMES = { Aggregation: 'aggregate', Watcher: 'watch', Retraining: 'retrain', Promotion: 'promote' } as const;

test.each(WORKERS)('what %s could not do is kept in a queue of its name', (worker) => {
  expect(templates.properties('dev', 'application', `${worker}Failed`)).toMatchObject({
    QueueName: `slipway-dev-${NAMES[worker]}-failed`,
  });
});

test.each(['Retraining', 'Promotion'])('%s takes asynchronous events, one at a time, and keeps those that failed', (worker) => {
  expect(templates.properties('dev', 'application', `${worker}Function`)).toMatchObject({
    ReservedConcurrentExecutions: 1,
    DeadLetterConfig: { TargetArn: `<${worker}Failed.Arn>` },
  });
});

test.each(['Aggregation', 'Watcher'])(
  '%s is called by mappings that keep their failures, as often as there are shards',
  (worker) => {
    const properties = templates.properties('dev', 'application', `${worker}Function`);

    expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(properties).not.toHaveProperty('DeadLetterConfig');
  },
);
