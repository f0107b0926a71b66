import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { names } from '../core/naming';
import { policyPacks } from '../lib/policy/policy-packs';
import { buildArtefacts } from '../lib/shared/artefacts';
import { createPlatformStacks } from '../lib/stacks/platform-stacks';
import { Failure } from './cli/failure';
import { ROOT } from './cli/paths';
import { loadPlatform } from './cli/platform-folder';

async function main(): Promise<void> {
  const app = new App();
  // The definitions can be chosen with `-c platform=FOLDER`, and a single stage with `-c stage=dev`; without it all are synthesized.
  const [folder, chosen] = ['platform', 'stage'].map((key): unknown => app.node.tryGetContext(key));
  const { platform } = await loadPlatform(folder === undefined ? undefined : String(folder));
  const stages = platform.stages.filter(({ name }) => chosen === undefined || name === chosen);
  if (stages.length === 0)
    throw new Failure(
      `context stage: no stage '${String(chosen)}', allowed: ${platform.stages.map(({ name }) => name).join(', ')}`,
    );

  const artefacts = buildArtefacts(ROOT, join(app.outdir, 'artefacts'), platform);
  for (const stage of stages) createPlatformStacks(app, { platform, stage, names: names(stage.name), artefacts });
  Validations.of(app).addPlugins(...policyPacks(app));
  app.synth();
}

main().catch((error: unknown) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
});
