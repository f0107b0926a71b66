import * as z from 'zod';
import { findStage, type Platform, type Stage } from '../../core/definition';
import { type Names, names } from '../../core/naming';
import { type ApiHandler, type ApiOptions, apiHandler } from './api';
import { readEnvironment, stageVariables } from './environment';
import { createLogger } from './observability';
import { loadPlatform } from './platform';

/** What every function knows of the stage it runs in. */
export interface StageContext {
  readonly platform: Platform;
  readonly stage: Stage;
  readonly names: Names;
}

/** Reads the definitions and the stage's row; throws when the bundle does not have the stage. */
export function openStage(): StageContext {
  const { STAGE } = readEnvironment(z.object(stageVariables));
  const platform = loadPlatform();
  const stage = findStage(platform, STAGE);
  if (stage === undefined)
    throw new Error(`STAGE: no stage '${STAGE}', allowed: ${platform.stages.map((it) => it.name).join(', ')}`);
  return { platform, stage, names: names(STAGE) };
}

/** The handler of one route of the API. */
export function apiFunction(context: StageContext, run: ApiOptions['run']): ApiHandler {
  return apiHandler({ scopeName: context.names.scope, corsOrigins: context.stage.corsOrigins, log: createLogger(), run });
}
