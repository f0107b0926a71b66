import * as z from 'zod';
import { resourceName, sentence } from './identifier';

/** What a token may allow; matched exactly, never by prefix. */
export const SCOPES = ['predict', 'outcomes:write', 'events:write', 'models:read'] as const;
export const scopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof scopeSchema>;

/** An application that calls the API, with its own key, plan and limits. */
export const consumerSchema = z.strictObject({
  name: resourceName,
  description: sentence,
  owner: z.string().min(1),
  /** Issuer of its tokens. @default - the platform's first */
  issuer: resourceName.optional(),
  /** Its client at an issuer that the platform does not make; a user pool's clients are made, and named, by the deployment. */
  clientId: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,128}$/, 'must be 1 to 128 letters, digits, dots, dashes and underscores')
    .optional(),
  scopes: z.array(scopeSchema).min(1),
  models: z.array(resourceName),
  plan: z.strictObject({
    /** Requests per second that are refilled. */
    rate: z.number().gt(0),
    /** Size of the token bucket. */
    burst: z.int().min(1),
    quota: z.strictObject({ limit: z.int().min(1), period: z.enum(['DAY', 'WEEK', 'MONTH']) }).optional(),
  }),
});
export type Consumer = z.infer<typeof consumerSchema>;

interface ConsumerInput extends Omit<Consumer, 'models'> {
  readonly models: readonly { readonly name: string }[];
}

export function defineConsumer(input: ConsumerInput): Consumer {
  return { ...input, models: input.models.map((model) => model.name) };
}
