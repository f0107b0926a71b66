import fc from 'fast-check';
import type { Retraining } from '../../../core/definition';
import { backoff, decideRetraining, type RetrainingFacts, type Run, runSchema, triggerSchema } from '../../../core/retraining';

const DAY = 86_400_000;
const policy: Retraining = { cooldown: '1d', maxCooldown: '5d', dailyBudget: 2, minNewLabels: 100, lease: '4h' };
const now = 1000 * DAY;
const calm: RetrainingFacts = { trigger: 'drift', now, frozen: false, lease: undefined, runs: [], newLabels: 100 };

function run(daysAgo: number, outcome: Run['outcome']): Run {
  return { startedAt: now - daysAgo * DAY, outcome };
}

test('drift with enough labels and no recent run retrains', () => {
  expect(decideRetraining(policy, calm)).toEqual({ retrain: true, reason: 'drift' });
});

test.each<[string, Partial<RetrainingFacts>, object]>([
  ['a freeze', { frozen: true, trigger: 'manual' }, { reason: 'frozen' }],
  [
    'a running training',
    { lease: { token: 1, holder: 'x', expiresAt: now + 1 }, trigger: 'manual' },
    { reason: 'already-running' },
  ],
  [
    'a spent budget',
    { runs: [run(0.9, 'promoted'), run(0.1, 'promoted')], trigger: 'quality-floor' },
    { reason: 'daily-budget' },
  ],
  ['the cooldown', { runs: [run(0.5, 'promoted')] }, { reason: 'cooldown', notBefore: now + 0.5 * DAY }],
  ['few labels', { newLabels: 99 }, { reason: 'too-few-labels' }],
])('%s holds back', (_, facts, expected) => {
  expect(decideRetraining(policy, { ...calm, ...facts })).toEqual({ retrain: false, ...expected });
});

test('an expired lease holds nothing back', () => {
  expect(decideRetraining(policy, { ...calm, lease: { token: 1, holder: 'x', expiresAt: now } }).retrain).toBe(true);
});

test('precision below its floor retrains at once, whatever cooldown and labels say', () => {
  const facts = { ...calm, trigger: 'quality-floor' as const, runs: [run(0.1, 'promoted')], newLabels: 0 };

  expect(decideRetraining(policy, facts)).toEqual({ retrain: true, reason: 'quality-floor' });
});

test('but not right after a run that did not help', () => {
  const facts = { ...calm, trigger: 'quality-floor' as const, runs: [run(3, 'promoted'), run(1.5, 'rejected')] };

  expect(decideRetraining(policy, facts)).toEqual({ retrain: false, reason: 'backoff', notBefore: now + 0.5 * DAY });
});

test('the wait doubles with each run since the last promotion, up to the maximum', () => {
  const waits = [1, 2, 3, 4].map((failures) => {
    const runs = [run(50, 'promoted'), ...Array.from({ length: failures }, (_, at) => run(1 + at * 0.01, 'failed'))];
    const decision = decideRetraining({ ...policy, dailyBudget: 24 }, { ...calm, runs });
    return 'notBefore' in decision ? (decision.notBefore - now) / DAY + 1 : undefined;
  });

  expect(waits).toEqual([2, 4, 5, 5]);
});

test('a person and the first training wait for neither cooldown nor labels', () => {
  const runs = [run(0.5, 'failed')];

  expect(decideRetraining(policy, { ...calm, runs, newLabels: 0, trigger: 'manual' })).toEqual({
    retrain: true,
    reason: 'manual',
  });
  expect(decideRetraining(policy, { ...calm, runs, newLabels: 0, trigger: 'initial' })).toEqual({
    retrain: true,
    reason: 'initial',
  });
});

test('no sequence of alarms ever exceeds the daily budget', () => {
  const outcomes = fc.constantFrom<Run['outcome'][]>('promoted', 'rejected', 'failed', 'rolled-back');
  const triggers = fc.constantFrom<RetrainingFacts['trigger'][]>('drift', 'manual', 'schedule', 'quality-floor');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 6 * 3_600_000 }), triggers, outcomes), { maxLength: 60 }),
      (alarms) => {
        let at = now;
        const runs: Run[] = [];
        for (const [wait, trigger, outcome] of alarms) {
          at += wait;
          if (decideRetraining(policy, { ...calm, trigger, now: at, runs }).retrain) runs.push({ startedAt: at, outcome });
        }

        for (const { startedAt } of runs) {
          expect(runs.filter((it) => it.startedAt > startedAt - DAY && it.startedAt <= startedAt).length).toBeLessThanOrEqual(
            policy.dailyBudget,
          );
        }
      },
    ),
  );
});

test('a run that is under way is no failure, whatever ended before it counts', () => {
  expect(backoff(policy, [run(0.5, 'running')])).toEqual({ failures: 0, notBefore: now + 0.5 * DAY });
  expect(backoff(policy, [run(1, 'failed'), run(0.5, 'running')])).toEqual({ failures: 1, notBefore: now + 1.5 * DAY });
});

test('runs that never led to a promotion are failures, and those before the last promotion are not', () => {
  expect(backoff(policy, [run(9, 'rejected'), run(8, 'rolled-back')]).failures).toBe(2);
  expect(backoff(policy, [run(9, 'rejected'), run(8, 'promoted'), run(7, 'failed')]).failures).toBe(1);
  expect(backoff(policy, [])).toEqual({ failures: 0, notBefore: Number.NEGATIVE_INFINITY });
});

test('the cooldown is over at its instant, and a run is of the last day for less than a day', () => {
  expect(decideRetraining(policy, { ...calm, runs: [run(1, 'promoted')] }).retrain).toBe(true);
  expect(decideRetraining({ ...policy, dailyBudget: 1 }, { ...calm, trigger: 'manual', runs: [run(1, 'promoted')] })).toEqual({
    retrain: true,
    reason: 'manual',
  });
});

test('a trigger, and the outcome of a run, are one of a closed list', () => {
  expect(triggerSchema.options).toEqual(['initial', 'manual', 'schedule', 'drift', 'quality-floor']);
  expect(runSchema.parse({ startedAt: 1, outcome: 'running' })).toEqual({ startedAt: 1, outcome: 'running' });
  expect(runSchema.shape.outcome.options).toEqual(['running', 'promoted', 'rejected', 'failed', 'rolled-back']);
});
