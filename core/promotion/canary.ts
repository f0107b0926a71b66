/**
 * Instances that a canary of a percentage takes: whole ones, so at least one; SageMaker bounds it by half of the fleet (deployment
 * guardrails, CanarySize).
 *
 * @param fleet instances of the endpoint
 */
export function canaryInstances(fleet: number, sizePercent: number): number {
  return Math.max(1, Math.min(Math.floor(fleet / 2), Math.ceil((fleet * sizePercent) / 100)));
}

/** What share of the traffic a canary takes, in words: that of its whole instances, and what was asked for where that differs. */
export function canaryShare(fleet: number, sizePercent: number): string {
  const instances = canaryInstances(fleet, sizePercent);
  const share = Math.round((100 * instances) / Math.max(1, fleet));
  const asked = share === sizePercent ? '' : `, ${sizePercent} % asked for`;
  return `${instances} of ${fleet} instances (${share} %${asked})`;
}
