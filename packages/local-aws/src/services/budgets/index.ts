import type * as Sdk from '@aws-sdk/client-budgets';
import type { ResourceProperties, ResourceType, ServiceFactory } from '../../cloud';
import { AwsError } from '../../errors';
import { budgetsRights } from './authorization';

interface BudgetRecord {
  readonly budget: Sdk.Budget;
  readonly notifications: readonly Sdk.NotificationWithSubscribers[];
  readonly tags: readonly Sdk.ResourceTag[];
}

function amounts(budget: ResourceProperties): object {
  const limit = budget.BudgetLimit;
  return limit === undefined ? {} : { BudgetLimit: { Amount: String(limit.Amount), Unit: limit.Unit } };
}

const budgetResource: ResourceType = {
  type: 'AWS::Budgets::Budget',
  enforced: [],
  stored: {
    Budget: 'nothing costs money here, so no budget is ever used up',
    NotificationsWithSubscribers: 'no budget is ever used up',
    ResourceTags: 'shown by ListTagsForResource',
  },
  async create(properties, context) {
    const name: string = properties.Budget.BudgetName ?? context.generateName(100);
    const notifications = (properties.NotificationsWithSubscribers ?? []).map((entry: ResourceProperties) => ({
      ...entry,
      Notification: { ...entry.Notification, Threshold: Number(entry.Notification.Threshold) },
    }));
    await context.call('budgets', 'CreateBudget', {
      AccountId: context.account,
      Budget: { ...properties.Budget, ...amounts(properties.Budget), BudgetName: name },
      NotificationsWithSubscribers: notifications,
      ResourceTags: properties.ResourceTags,
    });
    return { id: name };
  },
  async update(id, properties, previous, context) {
    const { BudgetName } = properties.Budget;
    if (BudgetName !== previous.Budget.BudgetName) return budgetResource.create(properties, context);
    const NewBudget = { ...properties.Budget, ...amounts(properties.Budget), BudgetName: id };
    await context.call('budgets', 'UpdateBudget', { AccountId: context.account, NewBudget });
    return { id };
  },
  async delete(id, _properties, context) {
    const input = { AccountId: context.account, BudgetName: id };
    await context.call('budgets', 'DeleteBudget', input).catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== 'NotFoundException') throw error;
    });
  },
};

/** What the operations share. */
function budgetsScope(cloud: Parameters<ServiceFactory>[0]) {
  const table = cloud.storage.table<BudgetRecord>('budgets/budgets');
  const find = (name: string | undefined): BudgetRecord => {
    const record = table.get(name ?? '');
    if (record === undefined)
      throw new AwsError('NotFoundException', `Unable to get budget: ${name} - the budget doesn't exist.`);
    return record;
  };
  const spend = { ActualSpend: { Amount: '0', Unit: 'USD' }, ForecastedSpend: { Amount: '0', Unit: 'USD' } };
  const describe = ({ budget }: BudgetRecord): Sdk.Budget => ({ ...budget, CalculatedSpend: spend });
  return { table, cloud, find, describe };
}
type BudgetsScope = ReturnType<typeof budgetsScope>;

async function createBudget({ table, cloud }: BudgetsScope, input: Sdk.CreateBudgetCommandInput) {
  const name = input.Budget?.BudgetName ?? '';
  if (!/^[^:\\]{1,100}$/.test(name)) throw new AwsError('InvalidParameterException', `BudgetName is not valid: '${name}'`);
  if (table.get(name) !== undefined)
    throw new AwsError('DuplicateRecordException', `Error creating budget: ${name} - the budget already exists.`);
  await table.put(name, {
    budget: { ...input.Budget, LastUpdatedTime: new Date(cloud.clock.now()) } as Sdk.Budget,
    notifications: input.NotificationsWithSubscribers ?? [],
    tags: input.ResourceTags ?? [],
  });
  return {};
}

async function updateBudget({ find, cloud, table }: BudgetsScope, input: Sdk.UpdateBudgetCommandInput) {
  const record = find(input.NewBudget?.BudgetName);
  const budget = { ...input.NewBudget, LastUpdatedTime: new Date(cloud.clock.now()) } as Sdk.Budget;
  await table.put(budget.BudgetName ?? '', { ...record, budget });
  return {};
}

function describeNotificationsForBudget({ find }: BudgetsScope, input: Sdk.DescribeNotificationsForBudgetCommandInput) {
  return {
    Notifications: find(input.BudgetName).notifications.map(({ Notification }) => Notification),
  };
}

function describeSubscribersForNotification({ find }: BudgetsScope, input: Sdk.DescribeSubscribersForNotificationCommandInput) {
  const same = find(input.BudgetName).notifications.find(
    ({ Notification }) =>
      Notification?.NotificationType === input.Notification?.NotificationType &&
      Notification?.Threshold === input.Notification?.Threshold,
  );
  if (same === undefined) throw new AwsError('NotFoundException', 'the notification does not exist');
  return { Subscribers: same.Subscribers };
}

async function deleteBudget({ find, table }: BudgetsScope, input: Sdk.DeleteBudgetCommandInput) {
  find(input.BudgetName);
  await table.remove(input.BudgetName ?? '');
  return {};
}

function listTagsForResource({ find }: BudgetsScope, input: Sdk.ListTagsForResourceCommandInput) {
  return {
    ResourceTags: find(input.ResourceARN?.split('budget/')[1]).tags,
  };
}

/** Budgets: kept and shown. Nothing costs money here, so none is ever used up. */
export const budgets: ServiceFactory = (cloud) => {
  const scope = budgetsScope(cloud);
  const { describe, find, table } = scope;
  return {
    name: 'budgets',
    signingNames: ['budgets'],
    sdk: '@aws-sdk/client-budgets',
    rights: budgetsRights,
    resources: [budgetResource],
    operations: {
      CreateBudget: (input: Sdk.CreateBudgetCommandInput) => createBudget(scope, input),
      UpdateBudget: (input: Sdk.UpdateBudgetCommandInput) => updateBudget(scope, input),
      DescribeBudget: (input: Sdk.DescribeBudgetCommandInput) => ({ Budget: describe(find(input.BudgetName)) }),
      DescribeBudgets: () => ({ Budgets: [...table.entries()].map(({ value }) => describe(value)) }),
      DescribeNotificationsForBudget: (input: Sdk.DescribeNotificationsForBudgetCommandInput) =>
        describeNotificationsForBudget(scope, input),
      DescribeSubscribersForNotification: (input: Sdk.DescribeSubscribersForNotificationCommandInput) =>
        describeSubscribersForNotification(scope, input),
      DeleteBudget: (input: Sdk.DeleteBudgetCommandInput) => deleteBudget(scope, input),
      ListTagsForResource: (input: Sdk.ListTagsForResourceCommandInput) => listTagsForResource(scope, input),
    },
  };
};
