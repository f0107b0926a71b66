import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PlatformStage } from '../shared/platform-stage';
import { ApplicationStack } from './application-stack';
import { DataStack } from './data-stack';
import { FoundationStack } from './foundation-stack';
import { ModelsStack } from './models-stack';
import { ServingStack } from './serving-stack';

/** The five stacks of a stage, in the order of their dependencies; the first three hold data. */
export function createPlatformStacks(scope: Construct, context: PlatformStage): ApplicationStack {
  const { stage, names, platform, artefacts } = context;
  const { account, region } = stage;
  const props = (role: string) => ({
    stackName: names.of(role),
    description: `${platform.name}, stage ${stage.name}: ${role}`,
    terminationProtection: stage.terminationProtection,
    ...(account === undefined || region === undefined ? {} : { env: { account, region } }),
  });
  const id = (role: string): string => names.of(role);
  const foundation = new FoundationStack(scope, id('foundation'), { platform, stage, names }, props('foundation'));
  const data = new DataStack(scope, id('data'), { platform, stage, names, keys: foundation.keys }, props('data'));
  const models = new ModelsStack(scope, id('models'), { platform, stage, names, artefacts, foundation, data }, props('models'));
  const serving = new ServingStack(scope, id('serving'), { platform, stage, names, foundation, models }, props('serving'));
  const application = new ApplicationStack(
    scope,
    id('application'),
    { platform, stage, names, artefacts, foundation, data, models, serving },
    props('application'),
  );
  for (const stack of [foundation, data, models, serving, application]) {
    Tags.of(stack).add('platform', platform.name);
    Tags.of(stack).add('stage', stage.name);
  }
  return application;
}
