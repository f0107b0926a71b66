import { clonesOf } from '../../clones';
import { platform as one } from '../../example-platform';

/** A platform with twenty of each model, source, group and consumer. */
export const platform = clonesOf(one, 20);
