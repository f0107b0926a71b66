import * as z from 'zod';

/** CloudWatch Logs accepts only these retention periods, in days. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Everything that differs between stages, in one table. */
export const stageSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9]{1,7}$/, 'must be 2 to 8 lower-case letters and digits'),
    /** Account and region; left out = whatever the deployment's credentials say. */
    account: z
      .string()
      .regex(/^\d{12}$/, 'must be 12 digits')
      .optional(),
    region: z.string().min(5).optional(),
    /** What happens to stateful resources that leave the template. */
    removal: z.enum(['retain', 'destroy']),
    terminationProtection: z.boolean(),
    /** Null: no VPC, managed services are reached by their public endpoints. */
    vpc: z.strictObject({ cidr: z.string(), availabilityZones: z.int().min(2).max(3) }).nullable(),
    logRetentionDays: z
      .int()
      .refine((days) => LOG_RETENTION_DAYS.includes(days), `must be one of ${LOG_RETENTION_DAYS.join(', ')}`),
    auditLogRetentionDays: z
      .int()
      .refine((days) => LOG_RETENTION_DAYS.includes(days), `must be one of ${LOG_RETENTION_DAYS.join(', ')}`),
    onCall: z.array(z.email()),
    monthlyBudgetUsd: z.number().gt(0),
    stream: z.union([z.literal('on-demand'), z.strictObject({ shards: z.int().min(1) })]),
    throttle: z.strictObject({ rate: z.number().gt(0), burst: z.int().min(1) }),
    /** Reserved concurrency of the functions on the request path; null = unreserved. */
    reservedConcurrency: z.int().min(1).nullable(),
    tokenLifetimeMinutes: z.int().min(5).max(1440),
    corsOrigins: z.array(z.url()),
  })
  .refine((it) => it.removal === 'retain' || !it.terminationProtection, {
    error: 'must be retain where terminationProtection is on',
    path: ['removal'],
  });

export type Stage = z.infer<typeof stageSchema>;

/** Stages by name; the key is the name. */
export function defineStages<const K extends string>(table: Record<K, Omit<Stage, 'name'>>): Stage[] {
  return Object.entries<Omit<Stage, 'name'>>(table).map(([name, stage]) => ({ name, ...stage }));
}
