import { type Aggregation, isWindowed } from '../aggregations';
import { seconds } from './duration';

const MIN_TILES = 12;
const MAX_TILES = 48;

/**
 * Width of a group's tiles, seconds: the smallest whole number of minutes that divides every window and gives the smallest
 * window at most 12 tiles and the largest at most 48. Undefined when the windows have no such width in common.
 */
export function tileWidthSeconds(aggregations: Readonly<Record<string, Aggregation>>): number | undefined {
  const windows = Object.values(aggregations)
    .filter(isWindowed)
    .map((it) => seconds(it.window));
  if (windows.length === 0) return undefined;
  const smallest = Math.min(...windows);
  const least = Math.max(smallest / MIN_TILES, Math.max(...windows) / MAX_TILES);
  for (let width = Math.ceil(least / 60) * 60; width <= smallest; width += 60) {
    if (windows.every((window) => window % width === 0)) return width;
  }
  return undefined;
}
