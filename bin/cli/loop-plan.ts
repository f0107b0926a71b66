import { type Duration, durationSchema, type History, milliseconds } from '../../core/definition';
import { Failure } from './failure';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
/** Days that are played unless `--to` says otherwise. */
const DEFAULT_DAYS = 17;

export interface LoopPlanOptions {
  readonly from?: string;
  readonly to?: string;
  readonly step: string;
  readonly every: string;
}

/** What is played of the recorded events; days are ISO 8601. */
export interface LoopPlan {
  /** First day; what is recorded before it trains the first model. */
  readonly from: string;
  /** Day after the last. */
  readonly to: string;
  readonly stepMs: number;
  readonly every: number;
}

export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Reads the options of `slipway loop` against what is recorded. Throws Failure with every problem. */
export function loopPlan(options: LoopPlanOptions, history: History): LoopPlan {
  const from = options.from ?? history.startAt.slice(0, 10);
  const to = options.to ?? dayAfter(isDay(from) ? from : history.from, DEFAULT_DAYS);
  const problems = [...problemsOfSpan(from, to, history)];
  if (!durationSchema.safeParse(options.step).success)
    problems.push(`--step: must be a duration such as 30m, given '${options.step}'`);
  const every = Number(options.every);
  if (!Number.isInteger(every) || every < 1) problems.push(`--every: must be a whole number from 1, given '${options.every}'`);
  if (problems.length > 0) throw new Failure(problems.join('\n  '), 2);
  return { from, to, stepMs: milliseconds(options.step as Duration), every };
}

function* problemsOfSpan(from: string, to: string, history: History): Generator<string> {
  const wrong = Object.entries({ from, to }).filter(([, day]) => !isDay(day));
  for (const [name, day] of wrong) yield `--${name}: must be a day such as ${history.startAt.slice(0, 10)}, given '${day}'`;
  if (wrong.length > 0) return;
  if (from >= to) yield `--from (${from}) must be before --to (${to})`;
  if (from <= history.from)
    yield `--from: events are recorded from ${history.from}, and some must train the first model, given '${from}'`;
  if (to > history.until) yield `--to: events are recorded until ${history.until}, given '${to}'`;
}

/** JavaScript makes 2 March of 30 February. */
function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}
