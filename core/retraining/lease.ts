import * as z from 'zod';

export const leaseSchema = z.object({
  /** Fencing token: grows by one with each acquisition; a writer with an older token is refused. */
  token: z.int().min(0),
  holder: z.string(),
  /** Milliseconds since 1970. */
  expiresAt: z.number(),
});

/** The right to run one training of a model. */
export type Lease = z.infer<typeof leaseSchema>;

/** The lease after acquisition, or undefined while another holder's is alive. The same holder gets its own back (a retry). */
export function acquireLease(current: Lease | undefined, holder: string, now: number, durationMs: number): Lease | undefined {
  if (current !== undefined && isHeld(current, now)) return current.holder === holder ? current : undefined;
  return { token: (current?.token ?? 0) + 1, holder, expiresAt: now + durationMs };
}

export function isHeld(lease: Lease | undefined, now: number): boolean {
  return lease !== undefined && now < lease.expiresAt;
}

/** The lease after the run has ended: expired, its token kept so that the next one is greater. */
export function releaseLease(lease: Lease, now: number): Lease {
  return { ...lease, expiresAt: Math.min(lease.expiresAt, now) };
}
