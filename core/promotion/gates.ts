import type { Gates } from '../definition';
import type { EvaluationReport } from './evaluation-report';

export interface GatesVerdict {
  readonly passed: boolean;
  /** One code with numbers per gate that is not passed, e.g. `auc-below-minimum: 0.71 < 0.78`. */
  readonly reasons: readonly string[];
}

/** Judges a report by the gates of the definition, apart from the job that wrote it; a metric that is missing passes nothing. */
export function judge(gates: Gates, { challenger, champion, comparison, holdout }: EvaluationReport): GatesVerdict {
  const of = (name: string): number | null => challenger.metrics[name]?.value ?? null;
  const { rows } = holdout;
  const reasons = [
    rows < gates.minRows ? `too-few-rows: ${rows} < ${gates.minRows}` : undefined,
    atLeast('auc', of('auc'), gates.auc?.min),
    atLeast('precision', of('precision'), gates.precision?.min),
    atLeast('recall', of('recall'), gates.recall?.min),
    atMost('calibration-error', challenger.calibration.expectedCalibrationError, gates.calibrationError?.max),
    champion === null ? undefined : better(gates, comparison),
  ].filter((reason) => reason !== undefined);
  return { passed: reasons.length === 0, reasons };
}

/** The gates as the evaluation job reads them. */
export function gatesDocument({
  auc,
  precision,
  recall,
  calibrationError,
  beatChampionBy,
  minRows,
}: Gates): Record<string, unknown> {
  const { metric, margin, significant } = beatChampionBy;
  return {
    ...(auc === undefined ? {} : { auc: { min: auc.min } }),
    ...(precision === undefined ? {} : { precision: { min: precision.min } }),
    ...(recall === undefined ? {} : { recall: { min: recall.min } }),
    ...(calibrationError === undefined ? {} : { expectedCalibrationError: { max: calibrationError.max } }),
    beatChampionBy: { metric, min: margin, significant },
    minRows,
  };
}

function atLeast(name: string, value: number | null, min: number | undefined): string | undefined {
  if (min === undefined) return undefined;
  if (value === null) return `${name}-missing`;
  return value < min ? `${name}-below-minimum: ${round(value)} < ${min}` : undefined;
}

function atMost(name: string, value: number | null, max: number | undefined): string | undefined {
  if (max === undefined) return undefined;
  if (value === null) return `${name}-missing`;
  return value > max ? `${name}-above-maximum: ${round(value)} > ${max}` : undefined;
}

/** The gain over the champion on the same rows; one that cannot be computed is no gain. */
function better(
  { beatChampionBy: { metric, margin, significant } }: Gates,
  comparison: EvaluationReport['comparison'],
): string | undefined {
  const { value, interval } = comparison?.[metric] ?? { value: null };
  if (value === null) return `not-comparable: ${metric}`;
  if (value < margin) return `challenger-not-better: ${metric} gains ${round(value)} < ${margin}`;
  const worst = interval?.[0] ?? Number.NEGATIVE_INFINITY;
  return significant && worst <= 0 ? `gain-not-significant: ${metric} may gain ${round(worst)}` : undefined;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
