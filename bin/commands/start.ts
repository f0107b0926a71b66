import type { Command } from 'commander';
import { lazily, withJson, withPlatform, withPort, withState } from '../cli/program';

/** `slipway start`, which is `npm start` */
export function addStart(program: Command): void {
  const command = program
    .command('start')
    .description('a running local platform with trained models; prints URL, token and a curl');
  withPort(withPlatform(withState(withJson(command))))
    .option('--model <name>', 'model to show; the first of the definitions by default')
    .action(lazily(() => import('../actions/start').then((it) => it.start)));
}
