import type { Command } from 'commander';
import { lazily, withTarget } from '../cli/program';

/** `slipway models`, `runs`, `alarms`, `retrain`, `rollback` and `freeze` */
export function addModels(program: Command): void {
  const actions = () => import('../actions/models');
  const models = program.command('models').description('models and their champions');
  withTarget(models.command('list', { isDefault: true }).description('all models')).action(
    lazily(() => actions().then((it) => it.listModels)),
  );
  withTarget(models.command('show <model>').description('champion and timeline of one model')).action(
    lazily(() => actions().then((it) => it.showModel)),
  );
  withTarget(program.command('runs [model]').description('training runs and how they ended')).action(
    lazily(() => actions().then((it) => it.runs)),
  );
  withTarget(program.command('alarms').description('alarms and their states')).action(
    lazily(() => actions().then((it) => it.alarms)),
  );
  withTarget(program.command('retrain <model>').description('ask for a training run'))
    .option('--wait', 'wait until it is promoted or refused')
    .action(lazily(() => actions().then((it) => it.retrain)));
  withTarget(program.command('rollback <model>').description('serve an earlier version again, by canary'))
    .option('--to <version>', 'registered version; the champion before by default')
    .action(lazily(() => actions().then((it) => it.rollback)));
  withTarget(program.command('freeze <model>').description('stop training and promotion of a model'))
    .option('--off', 'let it go on')
    .action(lazily(() => actions().then((it) => it.freeze)));
}
