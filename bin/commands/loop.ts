import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { ROOT } from '../cli/paths';
import { lazily, withJson, withPlatform, withPort, withState } from '../cli/program';

/** `slipway loop` */
export function addLoop(program: Command): void {
  const command = program
    .command('loop <model>')
    .description('the improve flow with recorded events, on a platform of its own: drift, alarm, retraining, canary');
  withPort(withState(withPlatform(withJson(command)), join(ROOT, '.slipway', 'loop'), 'state folder; emptied first'))
    .addOption(
      new Option('--scenario <name>', 'what happens').choices(['drift', 'bad-challenger', 'failing-canary']).default('drift'),
    )
    .option('--from <day>', 'first day; what is recorded before it trains the first model (where the simulated clock begins)')
    .option('--to <day>', 'day after the last (17 days later)')
    .option('--step <duration>', 'time between two rounds of requests; what is due at these instants is predicted', '30m')
    .option('--every <n>', 'predict every n-th of these', '1')
    .option('--keep', 'leave the platform running')
    .action(lazily(() => import('../actions/loop').then((it) => it.loop)));
}
