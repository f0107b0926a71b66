import { clonesOf } from '../../clones';
import { platform as one } from '../../example-platform';

/** A platform with two of each model, source, group and consumer. */
export const platform = clonesOf(one, 2);
