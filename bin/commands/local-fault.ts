import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { durationSchema, milliseconds } from '../../core/definition';
import { Control, type FaultRecord } from '../cli/control';
import { Failure } from '../cli/failure';
import { type Output, table } from '../cli/output';
import { run, withJson } from '../cli/program';
import { DEFAULT_STATE, requireServer } from '../cli/state-folder';

interface FaultOptions {
  readonly state: string;
  readonly json?: boolean;
}

interface AddOptions extends FaultOptions {
  readonly service?: string;
  readonly operation?: string;
  readonly resource?: string;
  readonly latency?: number;
  readonly error?: string;
  readonly throttle?: boolean;
  readonly partial?: number;
  readonly killEnvironment?: string;
  readonly jwksDown?: 'unavailable' | 'hang' | true;
  readonly disabledKey?: string;
  readonly stopClock?: boolean;
  readonly rate?: number;
  readonly count?: number;
  readonly for?: number;
  readonly seed?: number;
}

function durationOf(text: string): number {
  const short = /^(\d+)ms$/.exec(text)?.[1];
  if (short !== undefined) return Number(short);
  const parsed = durationSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('Must be such as 200ms, 90s, 15m or 3h.');
  return milliseconds(parsed.data);
}

function numberOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Must be a number.');
  return value;
}

/** What the options ask for: one effect each; several effects are several faults. */
export function faultsOf(options: AddOptions): object[] {
  const { service, operation, rate, count, for: forMs, seed } = options;
  const always = { rate, count, forMs, seed };
  const ofCalls = { ...always, service, operation, resource: options.resource };
  return [
    ...(options.latency === undefined ? [] : [{ kind: 'latency', ...ofCalls, latencyMs: options.latency }]),
    ...(options.error === undefined ? [] : [{ kind: 'error', ...ofCalls, error: options.error }]),
    ...(options.throttle === true ? [{ kind: 'throttle', ...ofCalls }] : []),
    ...(options.partial === undefined ? [] : [{ kind: 'partial', ...ofCalls, partial: options.partial }]),
    ...(options.killEnvironment === undefined
      ? []
      : [{ kind: 'kill-environment', ...always, resource: options.killEnvironment }]),
    ...(options.jwksDown === undefined
      ? []
      : [{ kind: 'jwks-down', ...always, answer: options.jwksDown === true ? undefined : options.jwksDown }]),
    ...(options.disabledKey === undefined ? [] : [{ kind: 'disabled-key', resource: options.disabledKey }]),
    ...(options.stopClock === true ? [{ kind: 'stop-clock' }] : []),
  ];
}

function linesOf(faults: readonly FaultRecord[]): string[] {
  if (faults.length === 0) return ['no faults'];
  const rows = faults.map((fault) => [
    fault.id,
    fault.kind,
    [fault.service, fault.operation].filter((part) => part !== undefined).join(':'),
    fault.resource ?? '',
    fault.error ?? (fault.latencyMs === undefined ? '' : `${fault.latencyMs} ms`),
    `${fault.hits} of ${fault.seen}`,
  ]);
  return table(['id', 'kind', 'calls', 'resource', 'effect', 'hits'], rows);
}

async function add(options: AddOptions, output: Output): Promise<void> {
  const asked = faultsOf(options);
  if (asked.length === 0)
    throw new Failure(
      'no effect given',
      2,
      'Give one: --latency, --error, --throttle, --partial, --kill-environment, --jwks-down, --disabled-key or --stop-clock.',
    );
  const control = new Control(requireServer(resolve(options.state)));
  const faults: FaultRecord[] = [];
  for (const fault of asked) faults.push(...(await control.addFault(fault)));
  output.result({ faults }, () => linesOf(faults));
}

/** `slipway local fault ...` */
export function addLocalFault(local: Command): void {
  const fault = local.command('fault').description('faults on demand in the local AWS');
  const command = (name: string, description: string): Command =>
    withJson(fault.command(name).description(description)).option('--state <folder>', 'state folder', DEFAULT_STATE);
  command('add', 'add a fault; it hits calls after authorization and survives a restart')
    .option('--service <name>', 'service whose calls are hit, e.g. kinesis')
    .option('--operation <name>', 'one operation of it, e.g. PutRecord')
    .option('--resource <arn or name>', 'calls that concern this resource only')
    .option('--latency <duration>', 'each call takes this much longer, e.g. 200ms', durationOf)
    .option('--error <code>', "each call fails with this error of the service's model")
    .option('--throttle', "each call fails with the service's own throttling error")
    .option('--partial <share>', 'this share of the entries of a batch fails, e.g. 0.5', numberOf)
    .option('--kill-environment <function or endpoint>', 'the process that works for it dies in mid-call')
    .option('--jwks-down [how]', "the issuer's keys answer 503 (unavailable) or nothing (hang)")
    .option('--disabled-key <key>', 'the KMS key is disabled until the fault is cleared')
    .option('--stop-clock', 'the simulated clock stands still until the fault is cleared')
    .option('--rate <share>', 'share of the calls that are hit, e.g. 0.3', numberOf)
    .option('--count <n>', 'ends after so many hits', numberOf)
    .option('--for <duration>', 'ends after so long on the simulated clock', durationOf)
    .option('--seed <n>', 'decides which calls a rate hits', numberOf)
    .action(run<AddOptions>(add));
  command('list', 'faults that can still hit, and how often they did').action(
    run<FaultOptions>(async ({ state }, output) => {
      const faults = await new Control(requireServer(resolve(state))).faults();
      output.result({ faults }, () => linesOf(faults));
    }),
  );
  command('clear [id]', 'end one fault, or all of them, and undo what they did').action(
    run<FaultOptions>(async ({ state }, output, [id]) => {
      const cleared = await new Control(requireServer(resolve(state))).clearFaults(id);
      if (id !== undefined && cleared.length === 0) throw new Failure(`no fault '${id}'`, 1, 'npx slipway local fault list');
      output.result({ cleared }, () => [`${cleared.length} cleared`]);
    }),
  );
}
