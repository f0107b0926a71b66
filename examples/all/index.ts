import { definePlatform } from '../../core/definition';
import * as flightDelays from '../flight-delays';
import { stages } from '../stages';

/** Every example: a folder beside this one, and a line here. */
const EXAMPLES = [flightDelays];

/** All examples as one platform: `--platform examples/all`. */
export const platform = definePlatform({
  name: 'slipway',
  sources: EXAMPLES.flatMap(({ sources }) => sources),
  featureGroups: EXAMPLES.flatMap(({ featureGroups }) => featureGroups),
  models: EXAMPLES.flatMap(({ models }) => models),
  consumers: EXAMPLES.flatMap(({ consumers }) => consumers),
  stages,
});
