import { resolve } from 'node:path';
import { durationSchema, milliseconds } from '../../core/definition';
import { Control, type FaultRecord } from '../cli/control';
import { Failure } from '../cli/failure';
import { table } from '../cli/output';
import type { Action } from '../cli/program';
import { requireServer } from '../cli/state-folder';

interface FaultOptions {
  readonly state: string;
}

interface AddOptions extends FaultOptions {
  readonly service?: string;
  readonly operation?: string;
  readonly resource?: string;
  readonly latency?: string;
  readonly error?: string;
  readonly throttle?: boolean;
  readonly partial?: number;
  readonly killEnvironment?: string;
  readonly jwksDown?: 'unavailable' | 'hang' | true;
  readonly disabledKey?: string;
  readonly stopClock?: boolean;
  readonly rate?: number;
  readonly count?: number;
  readonly for?: string;
  readonly seed?: number;
}

/** Milliseconds of an option such as `200ms` or `15m`. */
function durationOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const short = /^(\d+)ms$/.exec(text)?.[1];
  if (short !== undefined) return Number(short);
  const parsed = durationSchema.safeParse(text);
  if (!parsed.success) throw new Failure(`--${option}: must be such as 200ms, 90s, 15m or 3h, given '${text}'`, 2);
  return milliseconds(parsed.data);
}

/** What the options ask for: one effect each; several effects are several faults. */
export function faultsOf(options: AddOptions): object[] {
  const { service, operation, rate, count, seed } = options;
  const [latencyMs, forMs] = [durationOf('latency', options.latency), durationOf('for', options.for)];
  const always = { rate, count, forMs, seed };
  const ofCalls = { ...always, service, operation, resource: options.resource };
  return [
    ...(latencyMs === undefined ? [] : [{ kind: 'latency', ...ofCalls, latencyMs }]),
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

/** `slipway local fault add` */
export const addFault: Action<AddOptions> = async ({ options, output }) => {
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
};

/** `slipway local fault list` */
export const listFaults: Action<FaultOptions> = async ({ options, output }) => {
  const faults = await new Control(requireServer(resolve(options.state))).faults();
  output.result({ faults }, () => linesOf(faults));
};

/** `slipway local fault clear` */
export const clearFaults: Action<FaultOptions> = async ({ options, output, positional: [id] }) => {
  const cleared = await new Control(requireServer(resolve(options.state))).clearFaults(id);
  if (id !== undefined && cleared.length === 0) throw new Failure(`no fault '${id}'`, 1, 'npx slipway local fault list');
  output.result({ cleared }, () => [`${cleared.length} cleared`]);
};
