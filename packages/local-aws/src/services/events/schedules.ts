import type { Cloud } from '../../cloud';
import { parseSchedule } from '../../schedules/expression';
import { Timetable } from '../../schedules/timetable';
import type { Bus } from './bus';
import type { RuleRecord, RuleStore } from './store';

/** Rules with a schedule: each puts its own event at its times. */
export class RuleSchedules {
  readonly timetable: Timetable;

  constructor(
    private readonly cloud: Cloud,
    store: RuleStore,
    bus: Bus,
  ) {
    this.timetable = new Timetable(cloud, 'events/due', async (name, at) => {
      const rule = store.get(name);
      if (rule === undefined || !rule.enabled) return undefined;
      await bus.scheduled(rule, at);
      return this.next(rule, at);
    });
  }

  changed(rule: RuleRecord): Promise<void> {
    return this.timetable.set(rule.name, rule.enabled ? this.next(rule, this.cloud.clock.now()) : undefined);
  }

  removed(name: string): Promise<void> {
    return this.timetable.set(name, undefined);
  }

  private next(rule: RuleRecord, after: number): number | undefined {
    return rule.schedule === undefined ? undefined : parseSchedule(rule.schedule).next(after, rule.created);
  }
}
