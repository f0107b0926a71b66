import { exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();

test.each([
  ['TablesLedger', 'slipway-prod-ledger'],
  ['TablesMonitoring', 'slipway-prod-monitoring'],
])('%s is encrypted and can be restored to any second', (id, name) => {
  expect(templates.properties('prod', 'models', id)).toMatchObject({
    TableName: name,
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: '<KeysModelsArn>' },
  });
});

test('windows expire, the ledger never does', () => {
  expect(templates.properties('prod', 'models', 'TablesMonitoring')).toMatchObject({
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
  });
  expect(templates.properties('prod', 'models', 'TablesLedger')).not.toHaveProperty('TimeToLiveSpecification');
});

/** Actions on a table of every role of the application that has any. */
function actionsOn(table: string): Record<string, string[]> {
  const roles = ['Watcher', 'Retraining', 'Promotion', 'Aggregation'].map((name) => `${name}FunctionRole`);
  return Object.fromEntries(
    [...roles, ...['authorizer', 'predict', 'outcomes', 'events', 'models'].map((name) => `Functions${name}Role`)].flatMap(
      (role) => {
        const grants = Object.entries(templates.grants('prod', 'application', role));
        const actions = grants.flatMap(([action, on]) => (on.includes(`<${table}Arn>`) ? [action] : [])).toSorted();
        return actions.length === 0 ? [] : [[role, actions]];
      },
    ),
  );
}

test('the ledger is appended to by the watcher, and only promote, which ends roll-outs, takes anything away', () => {
  expect(actionsOn('TablesLedger')).toEqual({
    WatcherFunctionRole: ['dynamodb:PutItem'],
    RetrainingFunctionRole: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    PromotionFunctionRole: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
  });
});

test('windows are counted by the watcher and read by the function that decides about training', () => {
  expect(actionsOn('TablesMonitoring')).toEqual({
    WatcherFunctionRole: [
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
    ],
    RetrainingFunctionRole: ['dynamodb:Query'],
  });
});
