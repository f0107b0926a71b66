import * as z from 'zod';
import { share } from '../gates';
import type { LoggedPrediction } from '../task';

export const predictionSchema = z.object({
  score: share,
  label: z.boolean().describe('Score at or above the operating threshold'),
});
export type BinaryPrediction = z.infer<typeof predictionSchema>;

export function toLog({ score, label }: BinaryPrediction): LoggedPrediction {
  return { score, predicted: String(label) };
}

export function fromLog({ score, predicted }: LoggedPrediction): BinaryPrediction {
  return predictionSchema.parse({ score, label: JSON.parse(predicted) });
}
