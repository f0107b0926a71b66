import type { Algorithm } from './algorithm';
import { xgboostAlgorithm } from './xgboost';

export * from './algorithm';
export { type XgboostParameters, xgboost } from './xgboost';

/** Every algorithm: a file beside this one (and a folder of containers/), and a line here. */
export const ALGORITHMS = [xgboostAlgorithm] as const;

export type AlgorithmName = (typeof ALGORITHMS)[number]['name'];

const byName = new Map<string, Algorithm>(ALGORITHMS.map((algorithm) => [algorithm.name, algorithm]));

/** The rules of a training block's algorithm. */
export function algorithmOf({ algorithm }: { readonly algorithm: AlgorithmName }): Algorithm {
  const found = byName.get(algorithm);
  if (found === undefined) throw new RangeError(`no algorithm '${algorithm}', allowed: ${[...byName.keys()].join(', ')}`);
  return found;
}
