import { platform } from '../../platform';
import { StageTemplates } from './stage-templates';

let templates: StageTemplates | undefined;

/** The templates that tests of constructs look into, synthesized once per test file. */
export function exampleTemplates(): StageTemplates {
  templates ??= new StageTemplates(platform);
  return templates;
}
