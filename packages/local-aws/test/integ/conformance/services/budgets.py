from steps import call, fails

ACCOUNT = {'AccountId': '000000000000'}
NAME = {**ACCOUNT, 'BudgetName': 'conformance'}
BUDGET = {'BudgetName': 'conformance', 'BudgetLimit': {'Amount': '100', 'Unit': 'USD'}, 'BudgetType': 'COST', 'TimeUnit': 'MONTHLY'}
NOTIFICATION = {'ComparisonOperator': 'GREATER_THAN', 'NotificationType': 'ACTUAL', 'Threshold': 80.0}
SUBSCRIBERS = [{'Address': 'arn:aws:sns:eu-west-1:000000000000:on-call', 'SubscriptionType': 'SNS'}]
TOLD = [{'Notification': NOTIFICATION, 'Subscribers': SUBSCRIBERS}]

STEPS = [
    call('CreateBudget', **ACCOUNT, Budget=BUDGET, NotificationsWithSubscribers=TOLD),
    fails('DuplicateRecordException', 'CreateBudget', **ACCOUNT, Budget=BUDGET),
    fails('InvalidParameterException', 'CreateBudget', **ACCOUNT, Budget={**BUDGET, 'BudgetName': 'a:b'}),
    call('DescribeBudget', **NAME),
    fails('NotFoundException', 'DescribeBudget', **ACCOUNT, BudgetName='none'),
    call('DescribeBudgets', **ACCOUNT),
    call('DescribeNotificationsForBudget', **NAME),
    call('DescribeSubscribersForNotification', **NAME, Notification=NOTIFICATION),
    call('ListTagsForResource', ResourceARN='arn:aws:budgets::000000000000:budget/conformance'),
    call('UpdateBudget', **ACCOUNT, NewBudget={**BUDGET, 'BudgetLimit': {'Amount': '200', 'Unit': 'USD'}}),
    call('DeleteBudget', **NAME),
]
