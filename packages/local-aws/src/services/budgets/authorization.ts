import { arnOf, type Input, type Rights, type RightsOf } from '../../iam/rights';

const MODIFY = ['CreateBudget', 'UpdateBudget', 'DeleteBudget'];
const VIEW = ['DescribeBudget', 'DescribeBudgets', 'DescribeNotificationsForBudget', 'DescribeSubscribersForNotification'];

const on =
  (action: string): RightsOf =>
  (input: Input, scope) => {
    const name = input.BudgetName ?? input.Budget?.BudgetName ?? '*';
    return [
      {
        action: `budgets:${action}`,
        resource: input.ResourceARN ?? arnOf('budgets', { ...scope, region: '' }, `budget/${name}`),
      },
    ];
  };

/** Rights of Budgets' operations: two actions for all of them. Source: Service Authorization Reference, "AWS Budget Service". */
export const budgetsRights: Rights = Object.fromEntries([
  ...MODIFY.map((operation) => [operation, on('ModifyBudget')] as const),
  ...VIEW.map((operation) => [operation, on('ViewBudget')] as const),
  ['ListTagsForResource', on('ListTagsForResource')] as const,
]);
