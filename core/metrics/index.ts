import type { StatisticMetric } from '../drift';
import type { QualityMetric } from '../tasks';

/** Names of custom metrics, shared by the functions that emit them and the alarms that read them. */
export const METRICS = {
  /** Largest drift statistic of all inputs as a share of its limit; above 1 is a breach. Dimensions: stage, model. */
  driftRatio: 'DriftRatio',
  outcomes: 'Outcomes',
  predictions: 'Predictions',
  eventsAggregated: 'EventsAggregated',
  eventsRejected: 'EventsRejected',
  retrainStarted: 'RetrainStarted',
  retrainSuppressed: 'RetrainSuppressed',
  promoted: 'Promoted',
  promotionRefused: 'PromotionRefused',
  rolledBack: 'RolledBack',
} as const;

/** Metrics of the platform, of live quality (dimensions: stage, model) and of drift (dimensions: stage, model, feature). */
export type MetricName = (typeof METRICS)[keyof typeof METRICS] | QualityMetric | StatisticMetric;

export const DIMENSIONS = { stage: 'Stage', model: 'Model', feature: 'Feature' } as const;

/** Dimensions of a metric of one model, or of one of its inputs. */
export function modelDimensions(stage: string, model: string, feature?: string): Record<string, string> {
  const dimensions = { [DIMENSIONS.stage]: stage, [DIMENSIONS.model]: model };
  return feature === undefined ? dimensions : { ...dimensions, [DIMENSIONS.feature]: feature };
}
