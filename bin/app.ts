import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { ServerlessChecks } from 'cdk-nag';
import { names } from '../core/naming';
import { ExplainedSolutionsChecks } from '../lib/policy/wildcards';
import { buildArtefacts } from '../lib/shared/artefacts';
import { createPlatformStacks } from '../lib/stacks/platform-stacks';
import { platform } from '../platform';

const root = join(__dirname, '..');
const app = new App();
// A single stage can be chosen with `-c stage=dev`; without it all are synthesized.
const chosen: unknown = app.node.tryGetContext('stage');
const stages = platform.stages.filter(({ name }) => chosen === undefined || name === chosen);
if (stages.length === 0)
  throw new Error(`context stage: no stage '${String(chosen)}', allowed: ${platform.stages.map(({ name }) => name).join(', ')}`);

const artefacts = buildArtefacts(root, join(root, 'cdk.out', 'artefacts'), platform);
for (const stage of stages) createPlatformStacks(app, { platform, stage, names: names(stage.name), artefacts });
Validations.of(app).addPlugins(new ExplainedSolutionsChecks(app), new ServerlessChecks(app));
app.synth();
