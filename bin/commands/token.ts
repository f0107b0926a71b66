import type { Command } from 'commander';
import { runOn, type TargetedOptions, withTarget } from '../cli/program';
import { fetchToken } from '../cli/tokens';

/** `slipway token` */
export function addToken(program: Command): void {
  withTarget(program.command('token').description('a token for a consumer, from the issuer'))
    .requiredOption('--consumer <name>', 'consumer of the definitions')
    .option('--scope <scope...>', 'only these scopes (e.g. predict); all of the consumer by default', [])
    .action(
      runOn<TargetedOptions & { consumer: string; scope: string[] }>(async (target, { consumer, scope }, output) => {
        const token = await fetchToken(
          target,
          consumer,
          scope.flatMap((it) => it.split(/[\s,]+/)).filter((it) => it !== ''),
        );
        output.result(token, () => [token.access_token]);
      }),
    );
}
