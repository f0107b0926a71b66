import { budgets } from '../../../src/services/budgets';
import { FakeCloud } from '../../support/fake-cloud';

let cloud: FakeCloud;

beforeEach(async () => {
  cloud = await FakeCloud.start({ services: [budgets] });
});
afterEach(() => cloud.stop());

test('a budget of a template is kept, shown, changed in place and deleted', async () => {
  const [handler] = budgets(cloud).resources ?? [];
  const properties = (Amount: number) => ({
    Budget: { BudgetName: 'monthly', BudgetLimit: { Amount, Unit: 'USD' }, BudgetType: 'COST', TimeUnit: 'MONTHLY' },
    NotificationsWithSubscribers: [
      {
        Notification: { ComparisonOperator: 'GREATER_THAN', NotificationType: 'ACTUAL', Threshold: 80 },
        Subscribers: [{ Address: 'arn:aws:sns:eu-west-1:000000000000:on-call', SubscriptionType: 'SNS' }],
      },
    ],
  });
  const find = () => cloud.call('budgets', 'DescribeBudget', { AccountId: cloud.account, BudgetName: 'monthly' });
  expect(await handler?.create(properties(500), cloud.context())).toEqual({ id: 'monthly' });
  await handler?.update?.('monthly', properties(600), properties(500), cloud.context());

  expect(await find()).toMatchObject({ Budget: { BudgetLimit: { Amount: '600', Unit: 'USD' }, TimeUnit: 'MONTHLY' } });
  await handler?.delete('monthly', properties(600), cloud.context());
  await handler?.delete('monthly', properties(600), cloud.context());
  await expect(find()).rejects.toThrow("Unable to get budget: monthly - the budget doesn't exist.");
});
