import * as z from 'zod';

const countSchema = z.int().min(0);

/** Distribution of one numeric input in training: bin i counts values with exactly i edges at or below them. */
export const numericProfileSchema = z
  .object({
    type: z.literal('numeric'),
    /** Ascending and distinct. */
    edges: z.array(z.number()),
    /** One longer than `edges`: the first is underflow, the last overflow. */
    counts: z.array(countSchema),
    missing: countSchema,
    n: countSchema,
    min: z.number().nullable(),
    max: z.number().nullable(),
    mean: z.number().nullable().optional(),
  })
  .refine((it) => it.counts.length === it.edges.length + 1, { error: 'must have one count more than edges', path: ['counts'] })
  .refine((it) => it.edges.every((edge, at) => at === 0 || edge > (it.edges[at - 1] ?? edge)), {
    error: 'must ascend',
    path: ['edges'],
  });

/** Distribution of one category in training. */
export const categoryProfileSchema = z.object({
  type: z.literal('category'),
  counts: z.record(z.string(), countSchema),
  missing: countSchema,
  n: countSchema,
});

export const inputProfileSchema = z.union([numericProfileSchema, categoryProfileSchema]);
export type InputProfile = z.infer<typeof inputProfileSchema>;
export type NumericProfile = z.infer<typeof numericProfileSchema>;
export type CategoryProfile = z.infer<typeof categoryProfileSchema>;

/** Reference for drift, written by training; `score` is the model's own output. `n` counts missing values too. */
export const referenceProfileSchema = z.object({ features: z.record(z.string(), inputProfileSchema) });
export type ReferenceProfile = z.infer<typeof referenceProfileSchema>;
