import type { Command } from 'commander';
import { lazily, withTarget } from '../cli/program';

/** `slipway token` */
export function addToken(program: Command): void {
  withTarget(program.command('token').description('a token for a consumer, from the issuer'))
    .requiredOption('--consumer <name>', 'consumer of the definitions')
    .option('--scope <scope...>', 'only these scopes (e.g. predict); all of the consumer by default', [])
    .action(lazily(() => import('../actions/token').then((it) => it.token)));
}
