import type { Command } from 'commander';
import { lazily, withJson, withPlatform, withTarget } from '../cli/program';

/** `slipway data`, `events`, `outcomes` and `predict` */
export function addData(program: Command): void {
  const data = program.command('data').description("recorded events of the platform's sources");
  withSpan(withTarget(data.command('load').description('put recorded events into the lake'))).action(
    lazily(() => import('../actions/data').then((it) => it.loadData)),
  );
  const files = data.command('files').description('write recorded events as JSON lines, a file per source, and print the folder');
  withSpan(withJson(withPlatform(files))).action(lazily(() => import('../actions/data').then((it) => it.writeFiles)));

  const events = program.command('events').description('events of the sources');
  asConsumer(withTarget(events.command('send <source> <file>').description('send JSON lines through the API'))).action(
    lazily(() => import('../actions/data').then((it) => it.sendEvents)),
  );
  const outcomes = program.command('outcomes').description('what happened after predictions');
  asConsumer(withTarget(outcomes.command('send <file>').description('send JSON lines through the API'))).action(
    lazily(() => import('../actions/data').then((it) => it.sendOutcomes)),
  );
  asConsumer(withTarget(program.command('predict <model>').description('ask a model through the API')))
    .requiredOption('--instances <json>', 'one instance or a list')
    .action(lazily(() => import('../actions/data').then((it) => it.predict)));
}

function withSpan(command: Command): Command {
  return command.requiredOption('--from <day>', 'first day, UTC').requiredOption('--to <day>', 'day after the last, UTC');
}

function asConsumer(command: Command): Command {
  return command.option('--consumer <name>', 'act as this consumer; the first that may by default');
}
