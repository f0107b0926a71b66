import * as z from 'zod';
import { milliseconds, type Retraining } from '../definition';
import { isHeld, type Lease } from './lease';

/** Why a training run is asked for. */
export const triggerSchema = z.enum(['initial', 'manual', 'schedule', 'drift', 'quality-floor']);
export type Trigger = z.infer<typeof triggerSchema>;

/** A past run and how it ended; `rejected` = gates not passed, `rolled-back` = canary failed. */
export const runSchema = z.object({
  startedAt: z.number(),
  outcome: z.enum(['running', 'promoted', 'rejected', 'failed', 'rolled-back']),
});
export type Run = z.infer<typeof runSchema>;

export interface RetrainingFacts {
  readonly trigger: Trigger;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly frozen: boolean;
  readonly lease: Lease | undefined;
  /** Runs of the model, in any order. */
  readonly runs: readonly Run[];
  /** Labelled rows since the last run. */
  readonly newLabels: number;
}

export type RetrainingDecision =
  | { readonly retrain: true; readonly reason: Trigger }
  | { readonly retrain: false; readonly reason: 'frozen' | 'already-running' | 'daily-budget' | 'too-few-labels' }
  | { readonly retrain: false; readonly reason: 'cooldown' | 'backoff'; readonly notBefore: number };

const DAY = 86_400_000;

/**
 * Decides whether to train now.
 *
 * Nothing passes a freeze, a running training or the daily budget. The first training and a person's wish need nothing more. Quality
 * beyond its floor skips cooldown and label count ("at once"), but not the backoff after runs that did not help. All else waits for
 * everything.
 */
export function decideRetraining(policy: Retraining, facts: RetrainingFacts): RetrainingDecision {
  if (facts.frozen) return { retrain: false, reason: 'frozen' };
  if (isHeld(facts.lease, facts.now)) return { retrain: false, reason: 'already-running' };
  if (runsOfLastDay(facts) >= policy.dailyBudget) return { retrain: false, reason: 'daily-budget' };
  if (facts.trigger === 'manual' || facts.trigger === 'initial') return { retrain: true, reason: facts.trigger };

  const { failures, notBefore } = backoff(policy, facts.runs);
  const atOnce = facts.trigger === 'quality-floor' && failures === 0;
  if (!atOnce && notBefore > facts.now) return { retrain: false, reason: failures === 0 ? 'cooldown' : 'backoff', notBefore };
  if (facts.trigger !== 'quality-floor' && facts.newLabels < policy.minNewLabels)
    return { retrain: false, reason: 'too-few-labels' };
  return { retrain: true, reason: facts.trigger };
}

/** Earliest next run: the cooldown after the newest run, doubled for each run since the last promotion. */
export function backoff(policy: Retraining, runs: readonly Run[]): { readonly failures: number; readonly notBefore: number } {
  const newestFirst = runs.toSorted((a, b) => b.startedAt - a.startedAt);
  const newest = newestFirst[0];
  if (newest === undefined) return { failures: 0, notBefore: Number.NEGATIVE_INFINITY };
  const promotedAt = newestFirst.findIndex((run) => run.outcome === 'promoted');
  const since = promotedAt === -1 ? newestFirst : newestFirst.slice(0, promotedAt);
  const failures = since.filter((run) => run.outcome !== 'running').length;
  const wait = Math.min(milliseconds(policy.maxCooldown), milliseconds(policy.cooldown) * 2 ** failures);
  return { failures, notBefore: newest.startedAt + wait };
}

function runsOfLastDay({ runs, now }: RetrainingFacts): number {
  return runs.filter((run) => run.startedAt > now - DAY).length;
}
