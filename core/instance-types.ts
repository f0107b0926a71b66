/** What the processing jobs of a training run on. */
export const PROCESSING_INSTANCE = 'ml.m5.xlarge';

/** True when an instance type carries an NVIDIA GPU. */
export function hasGpu(instance: string): boolean {
  return /^ml\.(g\d|p\d)/.test(instance);
}

/**
 * True when an instance type has a local disk, whose hardware encrypts it with a key of its own: SageMaker refuses a key for its volume
 * (API reference of ResourceConfig, ClusterConfig and CreateEndpointConfig).
 */
export function hasLocalStorage(instance: string): boolean {
  return /^ml\.(g4dn|g5|g6e?|gr6|p3dn|p4de?|p5(e|en)?|trn\d\w*|i\d\w*|[cmr]\d[a-z]*d[a-z]*)\./.test(instance);
}

/** The key of an instance's volume, where it takes one. */
export function volumeKeyOf(instance: string, keyArn: string): string | undefined {
  return hasLocalStorage(instance) ? undefined : keyArn;
}

/** True for instance types whose processors earn credits. */
export function isBurstable(instance: string): boolean {
  return /^ml\.t\d/.test(instance);
}
