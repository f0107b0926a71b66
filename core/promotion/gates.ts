import type { Model } from '../definition';
import { type MetricBound, taskOf } from '../tasks';
import type { EvaluationReport } from './evaluation-report';

export interface GatesVerdict {
  readonly passed: boolean;
  /** One code with numbers per gate that is not passed, e.g. `auc-below-minimum: 0.71 < 0.78`. */
  readonly reasons: readonly string[];
}

type Judged = Pick<Model, 'task' | 'gates'>;

/** Judges a report by the gates of the definition, apart from the job that wrote it; a metric that is missing passes nothing. */
export function judge(model: Judged, { challenger, champion, comparison, holdout }: EvaluationReport): GatesVerdict {
  const { minRows } = model.gates;
  const reasons = [
    ...(holdout.rows < minRows ? [`too-few-rows: ${holdout.rows} < ${minRows}`] : []),
    ...taskOf(model)
      .bounds(model.gates)
      .flatMap((bound) => outside(bound, challenger.metrics[bound.metric]?.value ?? null)),
    ...(champion === null ? [] : notBetter(model.gates.beatChampionBy, comparison)),
  ];
  return { passed: reasons.length === 0, reasons };
}

/** The gates as the evaluation job reads them. */
export function gatesDocument(model: Judged): Record<string, unknown> {
  const { metric, margin, significant } = model.gates.beatChampionBy;
  const bounds = taskOf(model).bounds(model.gates);
  return {
    ...Object.fromEntries(bounds.map(({ metric: name, ...bound }) => [name, bound])),
    beatChampionBy: { metric, min: margin, significant },
    minRows: model.gates.minRows,
  };
}

function outside({ metric, min, max }: MetricBound, value: number | null): string[] {
  const name = metric.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (value === null) return [`${name}-missing`];
  return [
    ...(min !== undefined && value < min ? [`${name}-below-minimum: ${round(value)} < ${min}`] : []),
    ...(max !== undefined && value > max ? [`${name}-above-maximum: ${round(value)} > ${max}`] : []),
  ];
}

/** The gain over the champion on the same rows; one that cannot be computed is no gain. */
function notBetter(
  { metric, margin, significant }: Model['gates']['beatChampionBy'],
  comparison: EvaluationReport['comparison'],
): string[] {
  const { value, interval } = comparison?.[metric] ?? { value: null };
  if (value === null) return [`not-comparable: ${metric}`];
  if (value < margin) return [`challenger-not-better: ${metric} gains ${round(value)} < ${margin}`];
  const worst = interval?.[0] ?? Number.NEGATIVE_INFINITY;
  return significant && worst <= 0 ? [`gain-not-significant: ${metric} may gain ${round(worst)}`] : [];
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
