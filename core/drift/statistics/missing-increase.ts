import * as z from 'zod';
import { ratio } from './shares';
import type { Statistic } from './statistic';

/** Share of missing values minus that of training; negative when fewer are missing. */
export const missingIncrease = {
  metric: 'MissingIncrease',
  limit: z.number().min(0).max(1),
  of: (profile, live) => (live.n === 0 ? 0 : ratio(live.missing, live.n) - ratio(profile.missing, profile.n)),
} as const satisfies Statistic;
