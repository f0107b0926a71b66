import * as z from 'zod';

/** Content address of an artefact. */
export const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits');

/** What serves now; kept as JSON in one parameter. */
export const championSchema = z.object({
  /** `0` is the day-0 baseline; otherwise the registry's package version. */
  version: z.string().regex(/^\d+$/),
  modelPackageArn: z.string().optional(),
  modelDataUrl: z.string().startsWith('s3://'),
  digest: digestSchema,
  endpointConfigName: z.string().optional(),
  promotedAt: z.iso.datetime(),
});
export type Champion = z.infer<typeof championSchema>;

export type DigestCheck = { readonly ok: true } | { readonly ok: false; readonly reason: 'digest-missing' | 'digest-mismatch' };

/** Compares the digest in the registry with that of the stored bytes; a missing or malformed one is a refusal. */
export function checkDigest(registered: string | undefined, actual: string): DigestCheck {
  if (!digestSchema.safeParse(registered).success) return { ok: false, reason: 'digest-missing' };
  return registered === actual ? { ok: true } : { ok: false, reason: 'digest-mismatch' };
}
