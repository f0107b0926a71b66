import type { Command } from 'commander';
import { lazily, withJson, withPlatform, withTarget } from '../cli/program';

/** `slipway validate` and `slipway features` */
export function addDefinitions(program: Command): void {
  withJson(withPlatform(program.command('validate').description('check the definitions'))).action(
    lazily(() => import('../actions/definitions').then((it) => it.validate)),
  );
  const features = program.command('features').description('feature groups, and what the online store knows of an entity');
  withJson(withPlatform(features.command('list', { isDefault: true }).description('all feature groups'))).action(
    lazily(() => import('../actions/definitions').then((it) => it.listFeatures)),
  );
  const show = features
    .command('show <group> <entity>')
    .description('online record of one entity; parts of its key are joined by #');
  withTarget(show).action(lazily(() => import('../actions/definitions').then((it) => it.showFeatures)));
}
