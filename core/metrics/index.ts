import type { StatisticMetric } from '../drift';

/** Names of custom metrics, shared by the functions that emit them and the alarms that read them. */
export const METRICS = {
  /** Largest drift statistic of all inputs as a share of its limit; above 1 is a breach. Dimensions: stage, model. */
  driftRatio: 'DriftRatio',
  /** Quality on joined outcomes of a window. Dimensions: stage, model. */
  precision: 'LivePrecision',
  recall: 'LiveRecall',
  f1: 'LiveF1',
  auc: 'LiveAuc',
  calibrationError: 'LiveCalibrationError',
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

/** Metrics of the platform, and those of the drift statistics (dimensions: stage, model, feature). */
export type MetricName = (typeof METRICS)[keyof typeof METRICS] | StatisticMetric;

export const DIMENSIONS = { stage: 'Stage', model: 'Model', feature: 'Feature' } as const;

/** Dimensions of a metric of one model, or of one of its inputs. */
export function modelDimensions(stage: string, model: string, feature?: string): Record<string, string> {
  const dimensions = { [DIMENSIONS.stage]: stage, [DIMENSIONS.model]: model };
  return feature === undefined ? dimensions : { ...dimensions, [DIMENSIONS.feature]: feature };
}
