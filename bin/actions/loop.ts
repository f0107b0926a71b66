import { resolve } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Model, milliseconds } from '../../core/definition';
import { MODEL_KEYS } from '../../core/naming';
import { contenderMetrics, evaluationReportSchema } from '../../core/promotion';
import type { LedgerEntry } from '../../core/retraining';
import { type TaskName, taskOf } from '../../core/tasks';
import { replayClients } from '../cli/consumers';
import { Control } from '../cli/control';
import { Failure } from '../cli/failure';
import { loadRecorded, trainFirst } from '../cli/first-model';
import { readChampion, readLedger } from '../cli/ledger';
import { stopLocal } from '../cli/local-process';
import { dayAfter, type LoopPlan, type LoopPlanOptions, loopPlan } from '../cli/loop-plan';
import { type Output, table } from '../cli/output';
import { type LoadedPlatform, loadPlatform } from '../cli/platform-folder';
import { recordedRequests } from '../cli/prediction-requests';
import type { Action } from '../cli/program';
import { recordedFiles, requireHistory } from '../cli/recorded-events';
import { Replay, type ReplayCounts } from '../cli/replay';
import { badChallenger, failingCanary, type Scene, settle } from '../cli/scenarios';
import { removeStateFolder } from '../cli/state-folder';
import { modelNamed, openTarget, type Target } from '../cli/target';
import { bringUp, LOCAL_STAGE } from './local';

interface LoopOptions extends LoopPlanOptions {
  readonly state: string;
  readonly platform: string;
  readonly port?: number;
  readonly scenario: 'drift' | 'bad-challenger' | 'failing-canary';
  readonly keep?: boolean;
}

/** Within this time what was sent has gone through the streams. */
const STREAM_MS = 2000;
const DAY_MS = 86_400_000;
/** How much later the failing scenario trains again: a month of new data makes a better model, which only its code can spoil. */
const LATER_DAYS = 30;

/** `slipway loop`: the improve flow on a platform of its own. */
export const loop: Action<LoopOptions> = async ({ options, output, positional: [name] }) => {
  const loaded = await loadPlatform(options.platform);
  const model = modelNamed(loaded, name);
  const plan = loopPlan(options, requireHistory(loaded));
  const began = Date.now();
  try {
    const scene = await prepare({ options, plan, loaded, model }, output);
    const counts = await play(scene, options, plan);
    const result = { ...(await outcomeOf(scene, options.scenario)), counts, wallSeconds: (Date.now() - began) / 1000 };
    output.result(result, () => lines(result));
  } finally {
    if (options.keep !== true) await stopLocal(resolve(options.state));
  }
};

interface Preparation {
  readonly options: LoopOptions;
  readonly plan: LoopPlan;
  readonly loaded: LoadedPlatform;
  readonly model: Model;
}

/** A platform of its own, freshly made, whose clock stands still between steps: the same data give the same result. */
async function prepare({ options, plan, loaded, model }: Preparation, output: Output): Promise<Scene> {
  const stateDir = resolve(options.state);
  await stopLocal(stateDir);
  removeStateFolder(stateDir);
  const startAt = new Date(plan.from).toISOString();
  const server = await bringUp({ stateDir, port: options.port, startAt, deploy: true, loaded }, output);
  const control = new Control(server);
  await control.pause(true);
  const target = await openTarget({ target: 'local', stage: LOCAL_STAGE, state: stateDir, platform: options.platform });
  const span = { from: requireHistory(loaded).from, to: plan.from };
  output.progress(`loading ${span.from} to ${span.to} ...`);
  await loadRecorded(target, span);
  output.progress('training the first model ...');
  await trainFirst(target, model.name);
  return { target, model, control, progress: output.progress };
}

async function play(scene: Scene, { scenario }: LoopOptions, plan: LoopPlan): Promise<ReplayCounts | undefined> {
  switch (scenario) {
    case 'drift':
      return await drift(scene, plan);
    case 'bad-challenger':
      await badChallenger(scene);
      return undefined;
    case 'failing-canary':
      await failingCanary(scene, { from: plan.from, to: dayAfter(plan.from, LATER_DAYS) });
      return undefined;
  }
}

/** Plays the span; tells new ledger entries as they come. */
async function drift(scene: Scene, plan: LoopPlan): Promise<ReplayCounts> {
  const { target, model, control } = scene;
  const replay = await replayOf(scene, plan);
  const told = new Set<string>();
  const [from, to] = [Date.parse(plan.from), Date.parse(plan.to)];
  let now = Date.parse((await control.status()).clock.now);
  for (let next = from + plan.stepMs; next <= to; next += plan.stepMs) {
    if (next <= now) continue;
    await control.advance(next - now);
    await replay.until(next);
    now = Date.parse((await control.advance(STREAM_MS)).clock.now);
    await replay.at(next);
    if (next % DAY_MS === 0) await tellNews(scene, told);
  }
  await settle({ target, model, control, progress: scene.progress });
  await tellNews(scene, told);
  return replay.counts;
}

/** What is asked within the span may be recorded by an event that comes later. */
async function replayOf({ target, model }: Scene, { from, to, every }: LoopPlan): Promise<Replay> {
  const outcomesOf = dayAfter(to, Math.ceil(milliseconds(model.label.within) / DAY_MS));
  const [end = to] = [outcomesOf, requireHistory(target).until].toSorted();
  const folder = recordedFiles(target, { from, to }, 'jsonl');
  const asked = recordedFiles(target, { from, to: end }, 'jsonl');
  const [clients, requests] = [await replayClients(target, model), await recordedRequests(asked, model)];
  return new Replay({ platform: target.platform, model, clients, folder, requests, every });
}

async function tellNews({ target, model, progress }: Scene, told: Set<string>): Promise<void> {
  for (const entry of await readLedger(target, model.name)) {
    const key = JSON.stringify(entry);
    if (told.has(key)) continue;
    told.add(key);
    progress(`${entry.at}  ${entry.event.padEnd(17)} ${entry.reason ?? ''}`.slice(0, 160));
  }
}

interface Side {
  readonly version: string;
  readonly metrics: Readonly<Record<string, number>>;
}

interface LoopOutcome {
  readonly model: string;
  readonly task: TaskName;
  readonly scenario: string;
  readonly champion: Side;
  readonly previous: Side | null;
  readonly timeline: readonly Omit<LedgerEntry, 'model'>[];
}

async function outcomeOf({ target, model }: Scene, scenario: string): Promise<LoopOutcome> {
  const entries = await readLedger(target, model.name);
  const timeline = entries.map(({ model: _, execution: __, ...entry }) => entry);
  const { name, task } = model;
  return { model: name, task, scenario, ...(await contenders(target, name, entries)), timeline };
}

/** Champion and the one before it, with the metrics of both on the same rows of the champion's evaluation. */
async function contenders(
  target: Target,
  model: string,
  timeline: readonly LedgerEntry[],
): Promise<{ champion: Side; previous: Side | null }> {
  const champion = await readChampion(target, model);
  const promotions = timeline.filter(({ event }) => event === 'promoted');
  const last = promotions.at(-1);
  const version = champion?.version ?? '0';
  if (last?.execution === undefined || champion === undefined) return { champion: { version, metrics: {} }, previous: null };
  const Bucket = new URL(champion.modelDataUrl).hostname;
  const Key = `${MODEL_KEYS.run(model, last.execution.split('/').at(-1) ?? '')}/${MODEL_KEYS.report}`;
  const { Body } = await new S3Client(target.client).send(new GetObjectCommand({ Bucket, Key }));
  if (Body === undefined) throw new Failure(`s3://${Bucket}/${Key} is empty`);
  const report = evaluationReportSchema.parse(JSON.parse(await Body.transformToString('utf8')));
  const before = promotions.at(-2)?.version ?? '0';
  return {
    champion: { version, metrics: contenderMetrics(report.challenger) },
    previous: report.champion === null ? null : { version: before, metrics: contenderMetrics(report.champion) },
  };
}

function lines({ task, champion, previous, timeline }: LoopOutcome): string[] {
  const { metric, label } = taskOf({ task }).headline;
  const shown = (metrics: Readonly<Record<string, number>> | undefined, none: string): string =>
    metrics?.[metric]?.toFixed(4) ?? none;
  const rows = timeline.map((entry) => [
    entry.at,
    entry.event,
    entry.version ?? '',
    shown(entry.metrics, ''),
    (entry.reason ?? '').slice(0, 110),
  ]);
  return [
    ...table(['AT', 'EVENT', 'VERSION', label.toUpperCase(), 'WHY'], rows),
    '',
    `champion: version ${champion.version}, ${label} ${shown(champion.metrics, '-')}; before: version ${previous?.version ?? '-'}, ${label} ${shown(previous?.metrics, '-')} on the same rows`,
  ];
}
