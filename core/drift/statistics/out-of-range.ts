import * as z from 'zod';
import { present, ratio } from './shares';
import type { Statistic } from './statistic';

/** Share of present values outside training's range, or in categories unseen in training. */
export const outOfRange = {
  metric: 'OutOfRange',
  limit: z.number().min(0).max(1),
  of: (_, live) => ratio(live.outside, present(live)),
} as const satisfies Statistic;
