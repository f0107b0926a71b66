import type { AlarmState } from './alarm-store';

export interface Rule {
  /** N: how many points are looked at. */
  readonly periods: number;
  /** M: how many of them must breach. */
  readonly toAlarm: number;
  readonly treatMissing: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
}

/** Periods beyond N in which an evaluation also looks for points that came late. */
export const EXTRA_PERIODS = 2;

/**
 * The state that points (newest first: breaching or not, undefined if missing) give an alarm; undefined keeps the state.
 * With N real points the newest N decide; with fewer, missing ones are filled, as few as possible (AWS: "How alarm state is
 * evaluated when data is missing").
 */
export function decide(points: readonly (boolean | undefined)[], rule: Rule, current: AlarmState): AlarmState | undefined {
  const { periods, toAlarm, treatMissing } = rule;
  const real = points.filter((point) => point !== undefined);
  const breaching = real.slice(0, periods).filter(Boolean).length;
  if (real.length >= periods || breaching >= toAlarm) return breaching >= toAlarm ? 'ALARM' : 'OK';
  if (treatMissing === 'notBreaching') return 'OK';
  if (treatMissing === 'breaching') return breaching + periods - real.length >= toAlarm ? 'ALARM' : 'OK';
  if (real.length === 0) return treatMissing === 'ignore' ? undefined : 'INSUFFICIENT_DATA';
  if (breaching < real.length) return 'OK';
  if (treatMissing === 'ignore') return undefined;
  // All real points breach. The oldest must be as old as M periods, else an alarm would come before its time.
  const oldest = points.lastIndexOf(true);
  return oldest + 1 >= toAlarm || current === 'ALARM' ? 'ALARM' : 'OK';
}
