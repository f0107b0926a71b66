import { actionsOn, arnOf, type Input, passRole, type Rights, type RightsOf, type Scope } from '../../iam/rights';

const schedule = (input: Input, scope: Scope): string =>
  arnOf('scheduler', scope, `schedule/${input.GroupName ?? 'default'}/${input.Name ?? ''}`);

const targeted =
  (action: string): RightsOf =>
  (input, scope) => [
    { action: `scheduler:${action}`, resource: schedule(input, scope) },
    ...passRole(input.Target?.RoleArn, 'scheduler'),
  ];

/** Rights of EventBridge Scheduler's operations. Source: Service Authorization Reference, "Amazon EventBridge Scheduler". */
export const schedulerRights: Rights = {
  ...actionsOn('scheduler', [
    ['GetSchedule DeleteSchedule', schedule],
    ['ListSchedules', ({ GroupName }: Input, scope) => arnOf('scheduler', scope, `schedule/${GroupName ?? '*'}/*`)],
    [
      'CreateScheduleGroup GetScheduleGroup DeleteScheduleGroup',
      ({ Name }: Input, scope) => arnOf('scheduler', scope, `schedule-group/${Name ?? ''}`),
    ],
    ['ListScheduleGroups', (_, scope) => arnOf('scheduler', scope, 'schedule-group/*')],
  ]),
  CreateSchedule: targeted('CreateSchedule'),
  UpdateSchedule: targeted('UpdateSchedule'),
};
