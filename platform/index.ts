import { definePlatform } from '../core/definition';
import { consumers, featureGroups, history, models, sources } from '../examples/flight-delays';
import { stages } from './stages';

// What you own. It holds the flight example: put your stages, sources, features, models and consumers beside this file in place of the imported
// ones. Every command takes another folder, too: --platform FOLDER.

/** The platform that the app deploys. */
export const platform = definePlatform({ name: 'slipway', sources, featureGroups, models, consumers, stages });

/** Recorded events to start with and to replay; a platform without any leaves this out. */
export { history };
