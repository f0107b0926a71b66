import type { Model, Platform, Stage } from '../../core/definition';
import { platform } from './example-platform';
import { kept } from './kept';
import { StageTemplates } from './stage-templates';

/** The platform that the templates are of. */
export const examplePlatform: Platform = platform;

let templates: StageTemplates | undefined;

/** The templates that tests of constructs look into, synthesized once for all files of tests. */
export function exampleTemplates(): StageTemplates {
  templates ??= new StageTemplates(examplePlatform, {}, (make) => kept('example', make));
  return templates;
}

/** The first model and a stage by name. */
export function exampleModel(stageName: string): { model: Model; stage: Stage } {
  const [model] = examplePlatform.models;
  const stage = examplePlatform.stages.find(({ name }) => name === stageName);
  if (model === undefined || stage === undefined) throw new Error(`the example has no model, or no stage ${stageName}`);
  return { model, stage };
}
