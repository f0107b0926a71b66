import * as z from 'zod';

const metricSchema = z.looseObject({
  value: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable().optional(),
});

const contenderSchema = z.looseObject({
  digest: z.string().optional(),
  threshold: z.number(),
  /** The metrics of the model's task (core/tasks); null where undefined on the rows. */
  metrics: z.record(z.string(), metricSchema),
});

/** The part of the evaluation report that promotion reads; the whole is containers/schemas/evaluation-report.schema.json. */
export const evaluationReportSchema = z.looseObject({
  model: z.string(),
  holdout: z.looseObject({ rows: z.int().min(0) }),
  challenger: contenderSchema,
  /** Null when there was nothing to compare with. */
  champion: contenderSchema.nullable(),
  comparison: z.record(z.string(), metricSchema).nullable(),
  verdict: z.looseObject({ passed: z.boolean(), reasons: z.array(z.string()) }),
});
export type EvaluationReport = z.infer<typeof evaluationReportSchema>;

/** Plain numbers of a contender, for ledgers and timelines; undefined ones are left out. */
export function contenderMetrics(contender: EvaluationReport['challenger']): Record<string, number> {
  const defined = Object.entries(contender.metrics).flatMap(([name, { value }]) =>
    value === null ? [] : [[name, value] as const],
  );
  return Object.fromEntries(defined);
}
