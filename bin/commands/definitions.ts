import type { Command } from 'commander';
import { lazily, withJson, withPlatform, withTarget } from '../cli/program';

/** `slipway validate`, `slipway quotas` and `slipway features` */
export function addDefinitions(program: Command): void {
  withJson(withPlatform(program.command('validate').description('check the definitions'))).action(
    lazily(() => import('../actions/definitions').then((it) => it.validate)),
  );
  withJson(withPlatform(program.command('quotas').description('what an account must allow before a stage is deployed to it')))
    .option('--stage <name>', 'stage of the definitions', 'prod')
    .action(lazily(() => import('../actions/definitions').then((it) => it.quotas)));
  const features = program.command('features').description('feature groups, and what the online store knows of an entity');
  withJson(withPlatform(features.command('list', { isDefault: true }).description('all feature groups'))).action(
    lazily(() => import('../actions/definitions').then((it) => it.listFeatures)),
  );
  const show = features
    .command('show <group> <entity>')
    .description('online record of one entity; parts of its key are joined by #');
  withTarget(show).action(lazily(() => import('../actions/definitions').then((it) => it.showFeatures)));
}
