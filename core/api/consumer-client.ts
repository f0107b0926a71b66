import * as z from 'zod';

/** What a parameter says of a client of an issuer: its consumer, and the value of its API key, which the gateway's usage plan knows. */
export const consumerClientSchema = z.strictObject({
  consumer: z.string().min(1),
  /** API Gateway takes 20 to 128 characters. */
  usageKey: z.string().min(20).max(128),
});
export type ConsumerClient = z.infer<typeof consumerClientSchema>;
