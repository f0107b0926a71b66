import type { Command } from 'commander';
import { lazily, withJson, withPlatform, withPort, withState } from '../cli/program';
import { addLocalFault } from './local-fault';

/** `slipway local ...` */
export function addLocal(program: Command): void {
  const local = program.command('local').description('a local AWS with the platform deployed to it');
  const command = (name: string, description: string): Command =>
    withState(withJson(local.command(name).description(description)));
  const actions = () => import('../actions/local');
  withPort(withPlatform(command('up', 'start it; a new one gets the dev stage deployed')))
    .option('--detach', 'return when it answers, leave it running')
    .option('--start-at <instant>', 'where a new simulated clock begins; after the recorded events of the platform, or now')
    .option('--deploy', 'deploy also when it is deployed already')
    .option('--no-deploy', 'only the AWS, without the platform')
    .action(lazily(() => actions().then((it) => it.up)));
  command('down', 'end it; its state stays').action(lazily(() => actions().then((it) => it.down)));
  withPlatform(command('status', 'what runs and what is deployed')).action(lazily(() => actions().then((it) => it.status)));
  command('advance <duration>', 'move the simulated clock forward, e.g. 3h; everything due runs').action(
    lazily(() => actions().then((it) => it.advance)),
  );
  const access = () => import('../actions/local-access');
  command('env', 'shell exports for AWS clients, with credentials for an hour')
    .option('--role <name>', 'act in this role instead of as administrator')
    .action(lazily(() => access().then((it) => it.env)));
  command('denied', 'calls that were refused, with the statement that each would have needed')
    .option('--clear', 'forget them')
    .action(lazily(() => access().then((it) => it.denied)));
  addLocalFault(local);
  command('reset', 'end it and remove its state')
    .option('--yes', 'do it')
    .action(lazily(() => actions().then((it) => it.reset)));
}
