import type { Service } from '../cloud';
import { sdkModel } from '../wire/sdk-model';
import { PARTIAL_OPERATIONS } from './partial';
import { COMMON_ERRORS } from './throttling';

export const KINDS = [
  'latency',
  'error',
  'throttle',
  'partial',
  'kill-environment',
  'jwks-down',
  'disabled-key',
  'stop-clock',
] as const;
export type FaultKind = (typeof KINDS)[number];

/** A fault to add: which calls it hits, what it does to them, and how often. */
export interface FaultInput {
  readonly kind: FaultKind;
  /** Service and operation that are hit; for kinds `latency`, `error`, `throttle` and `partial`. */
  readonly service?: string;
  readonly operation?: string;
  /** Name, ARN or URL of the one resource that is hit; for `kill-environment` the function or endpoint, for `disabled-key` the key. */
  readonly resource?: string;
  readonly latencyMs?: number;
  /** Error code, one that the service's model has. */
  readonly error?: string;
  /** Share of the entries of a batch that fail, over 0 to 1. */
  readonly partial?: number;
  /** Share of the calls that are hit, over 0 to 1; 1 if absent. */
  readonly rate?: number;
  /** Ends after so many hits. */
  readonly count?: number;
  /** Ends after so long on the simulated clock. */
  readonly forMs?: number;
  /** Decides which calls a rate hits. */
  readonly seed?: number;
  /** What the issuer's keys answer when they are down; `unavailable` (503) if absent. */
  readonly answer?: 'unavailable' | 'hang';
}

export interface Fault extends FaultInput {
  readonly id: string;
  readonly seed: number;
  /** Epoch ms on the simulated clock. */
  readonly until?: number;
  /** Calls that met the fault's conditions, hit or not. */
  readonly seen: number;
  readonly hits: number;
}

const OF_CALLS: readonly FaultKind[] = ['latency', 'error', 'throttle', 'partial'];

function checkNumbers(input: FaultInput, problems: string[]): void {
  const share = (name: 'rate' | 'partial'): void => {
    const value = input[name];
    if (value !== undefined && !(typeof value === 'number' && value > 0 && value <= 1))
      problems.push(`${name}: must be over 0 and at most 1, given ${String(value)}`);
  };
  share('rate');
  share('partial');
  for (const name of ['count', 'forMs', 'latencyMs'] as const) {
    const value = input[name];
    if (value !== undefined && !(Number.isInteger(value) && value > 0))
      problems.push(`${name}: must be a whole number over 0, given ${String(value)}`);
  }
  if (input.seed !== undefined && !Number.isInteger(input.seed))
    problems.push(`seed: must be a whole number, given ${input.seed}`);
}

function checkCall(input: FaultInput, services: readonly Service[], problems: string[]): void {
  const service = services.find(({ name }) => name === input.service);
  if (service === undefined) {
    const allowed = services.map(({ name }) => name).sort();
    problems.push(`service: no service '${input.service ?? ''}', allowed: ${allowed.join(', ')}`);
    return;
  }
  const operations = Object.keys(service.operations).sort();
  if (input.operation !== undefined && !operations.includes(input.operation))
    problems.push(`operation: ${service.name} has no '${input.operation}', allowed: ${operations.join(', ')}`);
  if (input.error === undefined) return;
  const errors = [...new Set([...sdkModel(service.sdk).errors.keys(), ...COMMON_ERRORS.keys()])].sort();
  if (!errors.includes(input.error))
    problems.push(`error: ${service.name} has no '${input.error}', allowed: ${errors.join(', ')}`);
}

/** Every problem of a fault that is to be added, each with what is allowed; empty if there is none. */
export function faultProblems(input: FaultInput, services: readonly Service[]): string[] {
  const problems: string[] = [];
  if (!KINDS.includes(input.kind)) problems.push(`kind: no kind '${String(input.kind)}', allowed: ${KINDS.join(', ')}`);
  if (OF_CALLS.includes(input.kind)) checkCall(input, services, problems);
  checkNumbers(input, problems);
  if (input.kind === 'error' && input.error === undefined) problems.push('error: kind error needs a code');
  if (input.kind === 'latency' && input.latencyMs === undefined) problems.push('latencyMs: kind latency needs a duration');
  if (input.kind === 'partial') {
    if (input.partial === undefined) problems.push('partial: kind partial needs the share of entries that fail');
    if (!PARTIAL_OPERATIONS.includes(`${input.service}:${input.operation}`))
      problems.push(`operation: partial failures are of ${PARTIAL_OPERATIONS.join(', ')}`);
  }
  if ((input.kind === 'kill-environment' || input.kind === 'disabled-key') && input.resource === undefined)
    problems.push(`resource: kind ${input.kind} needs one`);
  if (input.answer !== undefined && !['unavailable', 'hang'].includes(input.answer))
    problems.push(`answer: no '${input.answer}', allowed: unavailable, hang`);
  return problems;
}
