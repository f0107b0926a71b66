import { clonesOf } from '../clones';
import { platform as one } from '../example-platform';

/** A platform with CLONES of each model, source, group and consumer: two in `npm test`, twenty in `npm run test:long`. */
export const platform = clonesOf(one, Number(process.env.CLONES ?? 2));
