import type * as z from 'zod';
import type { InputProfile } from '../reference-profile';
import type { SketchState } from '../sketch';

/** A number that says how far live values of one input are from training; finite for every input. */
export interface Statistic {
  /** Name of its CloudWatch metric, with dimensions stage, model and feature. */
  readonly metric: string;
  /** What a definition may set as its limit; a value above the limit is a breach. */
  readonly limit: z.ZodNumber;
  /** @param live has at least one value that is not missing where `needsValues` */
  of(profile: InputProfile, live: SketchState): number;
}
