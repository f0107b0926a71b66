import { type Command, InvalidArgumentError } from 'commander';
import { lazily, withJson, withState } from '../cli/program';

function numberOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Must be a number.');
  return value;
}

/** `slipway local fault ...` */
export function addLocalFault(local: Command): void {
  const fault = local.command('fault').description('faults on demand in the local AWS');
  const command = (name: string, description: string): Command =>
    withState(withJson(fault.command(name).description(description)));
  const actions = () => import('../actions/local-fault');
  withEffects(command('add', 'add a fault; it hits calls after authorization and survives a restart')).action(
    lazily(() => actions().then((it) => it.addFault)),
  );
  command('list', 'faults that can still hit, and how often they did').action(
    lazily(() => actions().then((it) => it.listFaults)),
  );
  command('clear [id]', 'end one fault, or all of them, and undo what they did').action(
    lazily(() => actions().then((it) => it.clearFaults)),
  );
}

function withEffects(command: Command): Command {
  return command
    .option('--service <name>', 'service whose calls are hit, e.g. kinesis')
    .option('--operation <name>', 'one operation of it, e.g. PutRecord')
    .option('--resource <arn or name>', 'calls that concern this resource only')
    .option('--latency <duration>', 'each call takes this much longer, e.g. 200ms')
    .option('--error <code>', "each call fails with this error of the service's model")
    .option('--throttle', "each call fails with the service's own throttling error")
    .option('--partial <share>', 'this share of the entries of a batch fails, e.g. 0.5', numberOf)
    .option('--kill-environment <function or endpoint>', 'the process that works for it dies in mid-call')
    .option('--jwks-down [how]', "the issuer's keys answer 503 (unavailable) or nothing (hang)")
    .option('--disabled-key <key>', 'the KMS key is disabled until the fault is cleared')
    .option('--stop-clock', 'the simulated clock stands still until the fault is cleared')
    .option('--rate <share>', 'share of the calls that are hit, e.g. 0.3', numberOf)
    .option('--count <n>', 'ends after so many hits', numberOf)
    .option('--for <duration>', 'ends after so long on the simulated clock')
    .option('--seed <n>', 'decides which calls a rate hits', numberOf);
}
