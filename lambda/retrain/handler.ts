import { findModel, type Model, milliseconds, type Platform } from '../../core/definition';
import { METRICS, modelDimensions } from '../../core/metrics';
import { labelled } from '../../core/monitoring';
import type { Names } from '../../core/naming';
import {
  acquireLease,
  decideRetraining,
  isHeld,
  type Lease,
  type LedgerEntry,
  pipelineOverrides,
  type RetrainingDecision,
  trainingSpans,
} from '../../core/retraining';
import type { Champions } from '../adapters/champions';
import type { ModelHistory, ModelRun } from '../adapters/model-history';
import type { WindowTable } from '../adapters/window-table';
import type { Log, MetricSink } from '../runtime/observability';
import { alarmRequest, alarmTriggers, readRetrainEvent, type TrainingRequest } from './request';

export interface RetrainDependencies {
  readonly platform: Platform;
  readonly stage: { readonly name: string };
  readonly names: Names;
  readonly history: ModelHistory;
  readonly champions: Champions;
  readonly windows: Pick<WindowTable, 'windowsSince'>;
  /** Starts a pipeline once per token; a second call with the token gives the same execution. */
  readonly start: (pipeline: string, parameters: Readonly<Record<string, string>>, token: string) => Promise<string>;
  /** Those of the named alarms that are in ALARM now. */
  readonly alarmsInAlarm: (names: readonly string[]) => Promise<readonly { readonly name: string; readonly reason: string }[]>;
  readonly metrics: MetricSink;
  readonly log: Log;
  readonly now: () => number;
}

export type RetrainAnswer = RetrainingDecision & { readonly execution?: string };

/** Decides about training runs and starts them; every decision, also "no", is in the ledger with its reason. */
export function makeRetrain(dependencies: RetrainDependencies) {
  const { platform, names, log } = dependencies;
  return async (event: unknown, context: { readonly awsRequestId: string }): Promise<RetrainAnswer | undefined> => {
    const read = readRetrainEvent(platform, names, event, context.awsRequestId);
    if (read.kind === 'request') return handle(dependencies, read.request);
    if (read.kind === 'ignored') log.info('nothing to decide', { why: read.why });
    else await reexamine(dependencies, context.awsRequestId);
    return undefined;
  };
}

/** An alarm acts only when it changes; one that stays in ALARM is looked at again, and a model without a trained champion is trained. */
async function reexamine(dependencies: RetrainDependencies, requestId: string): Promise<void> {
  const { platform, names, champions, now } = dependencies;
  const at = new Date(now()).toISOString();
  const meanings = alarmTriggers(platform, names);
  for (const { name, reason } of await dependencies.alarmsInAlarm([...meanings.keys()])) {
    const meaning = meanings.get(name);
    if (meaning !== undefined) await handle(dependencies, alarmRequest(meaning, { name, reason, at }));
  }
  for (const model of platform.models) {
    if ((await champions.get(model.name))?.version !== '0') continue;
    await handle(dependencies, { model: model.name, trigger: 'schedule', id: `${requestId}-${model.name}`, parameters: {} });
  }
}

async function handle(dependencies: RetrainDependencies, request: TrainingRequest): Promise<RetrainAnswer> {
  const { platform, history, now } = dependencies;
  const model = findModel(platform, request.model);
  if (model === undefined) throw new Error(`no model '${request.model}'`);
  if (request.alarm !== undefined) await history.append(alarmEntry(request), `alarm-${request.id}`);
  const [lease, runs] = await Promise.all([history.lease(model.name), history.runs(model.name)]);
  const unfinished = lease !== undefined && isHeld(lease, now()) && lease.holder === request.id;
  if (unfinished) return adopt(dependencies, model, request, lease, runs);
  const decision = decideRetraining(model.retraining, {
    trigger: request.trigger,
    now: now(),
    frozen: await dependencies.champions.isFrozen(model.name),
    lease,
    runs,
    newLabels: await labelsSince(dependencies, model, runs),
  });
  if (!decision.retrain) return refuse(dependencies, model, request, decision);
  const mine = acquireLease(lease, request.id, now(), milliseconds(model.retraining.lease));
  if (mine === undefined || !(await history.putLease(model.name, mine, lease)))
    return refuse(dependencies, model, request, { retrain: false, reason: 'already-running' });
  return startRun(dependencies, model, request, mine);
}

/** A retry after a crash: the run of this very request is started (the token makes that once) or has been. */
async function adopt(
  dependencies: RetrainDependencies,
  model: Model,
  request: TrainingRequest,
  lease: Lease,
  runs: readonly ModelRun[],
): Promise<RetrainAnswer> {
  const known = runs.find(({ token }) => token === lease.token);
  if (known !== undefined) return { retrain: true, reason: request.trigger, execution: known.execution };
  return startRun(dependencies, model, request, lease);
}

async function startRun(
  dependencies: RetrainDependencies,
  model: Model,
  request: TrainingRequest,
  lease: Lease,
): Promise<RetrainAnswer> {
  const { history, names, champions, metrics, stage, now, log } = dependencies;
  const champion = await champions.get(model.name);
  const spans = trainingSpans(model, now());
  const parameters = {
    TrainFrom: spans.trainFrom,
    TrainTo: spans.trainTo,
    HoldoutFrom: spans.holdoutFrom,
    HoldoutTo: spans.holdoutTo,
    ChampionDataUrl: champion?.modelDataUrl ?? '',
    Reason: request.trigger,
    ...pipelineOverrides(model, request.parameters),
  };
  const token = `${names.pipeline(model.name)}-${String(lease.token).padStart(12, '0')}`.padEnd(32, '-');
  const execution = await dependencies.start(names.pipeline(model.name), parameters, token);
  const startedAt = now();
  await history.putRun(model.name, { startedAt, outcome: 'running', execution, reason: request.trigger, token: lease.token });
  const at = new Date(startedAt).toISOString();
  const entry: LedgerEntry = { model: model.name, at, event: 'retrain-decided', reason: request.trigger, execution };
  await history.append(entry, `decided-${lease.token}`);
  metrics.put({ name: METRICS.retrainStarted, unit: 'Count', value: 1, dimensions: modelDimensions(stage.name, model.name) });
  log.info('training started', { model: model.name, execution, reason: request.trigger });
  return { retrain: true, reason: request.trigger, execution };
}

async function refuse(
  { history, metrics, stage, now, log }: RetrainDependencies,
  model: Model,
  request: TrainingRequest,
  decision: Extract<RetrainingDecision, { retrain: false }>,
): Promise<RetrainAnswer> {
  const until = 'notBefore' in decision ? ` until ${new Date(decision.notBefore).toISOString()}` : '';
  const reason = `${request.trigger}: ${decision.reason}${until}`;
  await history.append(
    { model: model.name, at: new Date(now()).toISOString(), event: 'refused', reason },
    `refused-${request.id}`,
  );
  metrics.put({ name: METRICS.retrainSuppressed, unit: 'Count', value: 1, dimensions: modelDimensions(stage.name, model.name) });
  log.info('no training', { model: model.name, reason });
  return decision;
}

async function labelsSince({ windows }: RetrainDependencies, model: Model, runs: readonly ModelRun[]): Promise<number> {
  const newest = Math.max(0, ...runs.map(({ startedAt }) => startedAt));
  const since = await windows.windowsSince(model, newest);
  return since.reduce((sum, { state }) => sum + labelled(model, state), 0);
}

function alarmEntry({ model, alarm, trigger }: TrainingRequest): LedgerEntry {
  return { model, at: alarm?.at ?? '', event: 'alarm', reason: `${trigger}: ${alarm?.reason ?? ''}` };
}
