import { join, resolve } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Command, Option } from 'commander';
import { type Duration, durationSchema, milliseconds } from '../../core/definition';
import { MODEL_KEYS } from '../../core/naming';
import { contenderMetrics, evaluationReportSchema } from '../../core/promotion';
import type { LedgerEntry } from '../../core/retraining';
import { Control } from '../cli/control';
import { exampleFiles, loadHistory } from '../cli/example-data';
import { Failure } from '../cli/failure';
import { loadExample, trainFirst } from '../cli/first-model';
import { invokeFunction } from '../cli/functions';
import { readChampion, readLedger, readRuns } from '../cli/ledger';
import { stopLocal } from '../cli/local-process';
import { type Output, table } from '../cli/output';
import { run, withJson } from '../cli/program';
import { Replay } from '../cli/replay';
import { uploadBrokenSource } from '../cli/scenarios';
import { ROOT, removeStateFolder } from '../cli/state-folder';
import { openTarget, type Target } from '../cli/target';
import { apiClient } from './data';
import { bringUp, portOf } from './local';
import { modelNamed } from './models';
import { EXAMPLE_FROM } from './start';

const SCENARIOS = ['drift', 'bad-challenger', 'failing-canary'] as const;
type Scenario = (typeof SCENARIOS)[number];

interface LoopOptions {
  readonly json?: boolean;
  readonly state: string;
  readonly port?: number;
  readonly from: string;
  readonly to: string;
  readonly step: string;
  readonly every: string;
  readonly scenario: Scenario;
  readonly keep?: boolean;
}

const OPERATOR = 'ops-dashboard';
/** Within this time what was sent has gone through the streams. */
const STREAM_MS = 2000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How much later the failing scenario trains again: a month of new data makes a better model, which only its code can spoil. */
const LATER_MS = 30 * 24 * HOUR_MS;
/** Requests per simulated minute while a canary of the failing scenario bakes. */
const CANARY_REQUESTS = 20;

interface Plan {
  readonly model: string;
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly every: number;
}

function planOf(options: LoopOptions, model: string): Plan {
  const problems: string[] = [];
  const [from, to] = [options.from, options.to].map((day) => Date.parse(`${day}T00:00:00.000Z`));
  if (from === undefined || Number.isNaN(from))
    problems.push(`--from: must be a day such as 2013-04-01, given '${options.from}'`);
  if (to === undefined || Number.isNaN(to)) problems.push(`--to: must be a day such as 2013-05-01, given '${options.to}'`);
  if (problems.length === 0 && (from ?? 0) >= (to ?? 0))
    problems.push(`--from (${options.from}) must be before --to (${options.to})`);
  if (problems.length === 0 && options.from < '2013-02-15')
    problems.push(`--from: the first model needs six weeks of history, given '${options.from}'`);
  if (problems.length === 0 && options.to > '2013-12-31') problems.push(`--to: the data end with 2013, given '${options.to}'`);
  if (!durationSchema.safeParse(options.step).success)
    problems.push(`--step: must be a duration such as 30m, given '${options.step}'`);
  const every = Number(options.every);
  if (!Number.isInteger(every) || every < 1) problems.push(`--every: must be a whole number from 1, given '${options.every}'`);
  if (problems.length > 0) throw new Failure(problems.join('\n  '), 2);
  return { model, from: from ?? 0, to: to ?? 0, stepMs: milliseconds(options.step as Duration), every };
}

/** A platform of its own, freshly made, whose clock stands still between steps: the same data give the same result. */
async function prepare(options: LoopOptions, plan: Plan, output: Output): Promise<Target> {
  const stateDir = resolve(options.state);
  await stopLocal(stateDir);
  removeStateFolder(stateDir);
  const startAt = new Date(plan.from).toISOString();
  const server = await bringUp({ stateDir, port: options.port, startAt, deploy: true }, output);
  await new Control(server).pause(true);
  const target = openTarget({ target: 'local', stage: 'dev', state: stateDir });
  output.progress(`loading ${EXAMPLE_FROM} to ${options.from} ...`);
  await loadExample(target, await apiClient(target, OPERATOR), { from: EXAMPLE_FROM, to: options.from });
  output.progress('training the first model ...');
  await trainFirst(target, plan.model);
  return target;
}

/** Plays the span; tells new ledger entries as they come. */
async function drift(target: Target, options: LoopOptions, plan: Plan, output: Output): Promise<Replay> {
  const folder = exampleFiles({ from: options.from, to: options.to }, 'jsonl');
  const replay = new Replay(folder, await apiClient(target, OPERATOR), plan.model, plan.every);
  const control = new Control(requireLocal(target));
  const told = new Set<string>();
  let now = Date.parse((await control.status()).clock.now);
  for (let next = plan.from + plan.stepMs; next <= plan.to; next += plan.stepMs) {
    if (next <= now) continue;
    await control.advance(next - now);
    await replay.until(next);
    now = Date.parse((await control.advance(STREAM_MS)).clock.now);
    await replay.at(next);
    if (next % (24 * HOUR_MS) === 0) await tellNews(target, plan.model, told, output);
  }
  await settle(target, plan.model, control);
  await tellNews(target, plan.model, told, output);
  return replay;
}

/** Lets a run or a roll-out that is under way come to its end. */
async function settle(target: Target, model: string, control: Control): Promise<void> {
  for (let minutes = 0; minutes < 120; minutes += 1) {
    if (!(await readRuns(target, model)).some(({ outcome }) => outcome === 'running')) return;
    await control.advance(MINUTE_MS);
  }
}

async function tellNews(target: Target, model: string, told: Set<string>, output: Output): Promise<void> {
  for (const entry of await readLedger(target, model)) {
    const key = JSON.stringify(entry);
    if (told.has(key)) continue;
    told.add(key);
    output.progress(`${entry.at}  ${entry.event.padEnd(17)} ${entry.reason ?? ''}`.slice(0, 160));
  }
}

/** A challenger of one stump: the gates must refuse it. */
async function badChallenger(target: Target, plan: Plan, output: Output): Promise<void> {
  output.progress('training a challenger of one tree of depth 1 ...');
  await runWith(target, plan.model, { rounds: 1, depth: 1 });
  await settle(target, plan.model, new Control(requireLocal(target)));
}

/** A challenger that is better on the hold-out, but whose code fails when it serves: the canary must roll back. */
async function failingCanary(target: Target, options: LoopOptions, plan: Plan, output: Output): Promise<void> {
  const control = new Control(requireLocal(target));
  const now = Date.parse((await control.status()).clock.now);
  output.progress('loading the month that follows, so that a new model is better ...');
  const later = plan.from + LATER_MS;
  await loadHistory(target, { from: options.from, to: new Date(later).toISOString().slice(0, 10) });
  await control.advance(later - now);
  const sourceUrl = await uploadBrokenSource(target, plan.model);
  output.progress('training a challenger whose serving code fails ...');
  await runWith(target, plan.model, { sourceUrl });
  const client = await apiClient(target, OPERATOR);
  const instance = {
    flight_id: 'probe',
    carrier: 'UA',
    origin: 'EWR',
    dest: 'IAH',
    distance: 1400,
    scheduled_hour: 8,
    scheduled_weekday: 2,
    tailnum: null,
  };
  for (let minutes = 0; minutes < 60; minutes += 1) {
    if (!(await readRuns(target, plan.model)).some(({ outcome }) => outcome === 'running')) return;
    for (let request = 0; request < CANARY_REQUESTS; request += 1)
      await client
        .send('POST', `/v1/models/${plan.model}/predictions`, {
          instances: [{ ...instance, flight_id: `probe-${minutes}-${request}` }],
        })
        .catch(() => undefined);
    await control.advance(MINUTE_MS);
  }
}

async function runWith(target: Target, model: string, parameters: object): Promise<void> {
  const decision = (await invokeFunction(target, 'retrain', { model, trigger: 'manual', parameters })) as {
    reason: string;
    execution?: string;
  };
  if (decision.execution === undefined) throw new Failure(`the training was refused: ${decision.reason}`);
  const { waitForRun } = await import('../cli/waiting');
  await waitForRun(target, decision.execution);
}

function requireLocal(target: Target) {
  if (target.server === undefined) throw new Failure('the loop drives a simulated clock, so it needs a local AWS', 2);
  return target.server;
}

interface Side {
  readonly version: string;
  readonly metrics: Readonly<Record<string, number>>;
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
  const bucket = new URL(champion.modelDataUrl).hostname;
  const Key = `${MODEL_KEYS.run(model, last.execution.split('/').at(-1) ?? '')}/${MODEL_KEYS.report}`;
  const { Body } = await new S3Client(target.client).send(new GetObjectCommand({ Bucket: bucket, Key }));
  const report = evaluationReportSchema.parse(JSON.parse((await Body?.transformToString('utf8')) ?? ''));
  const before = promotions.at(-2)?.version ?? '0';
  return {
    champion: { version, metrics: contenderMetrics(report.challenger) },
    previous: report.champion === null ? null : { version: before, metrics: contenderMetrics(report.champion) },
  };
}

async function loop(options: LoopOptions, output: Output, [name]: readonly string[]): Promise<void> {
  const model = modelNamed(name);
  const plan = planOf(options, model);
  const began = Date.now();
  try {
    const target = await prepare(options, plan, output);
    const counts = options.scenario === 'drift' ? (await drift(target, options, plan, output)).counts : undefined;
    if (options.scenario === 'bad-challenger') await badChallenger(target, plan, output);
    if (options.scenario === 'failing-canary') await failingCanary(target, options, plan, output);
    const timeline = (await readLedger(target, model)).map(({ model: _, execution: __, ...entry }) => entry);
    const sides = await contenders(target, model, await readLedger(target, model));
    const result = {
      model,
      scenario: options.scenario,
      ...sides,
      timeline,
      ...(counts === undefined ? {} : { counts }),
      wallSeconds: (Date.now() - began) / 1000,
    };
    output.result(result, () => lines(result));
  } finally {
    if (options.keep !== true) await stopLocal(resolve(options.state));
  }
}

function lines({
  champion,
  previous,
  timeline,
}: {
  champion: Side;
  previous: Side | null;
  timeline: readonly Omit<LedgerEntry, 'model'>[];
}): string[] {
  const auc = (side: Side | null): string => side?.metrics.auc?.toFixed(4) ?? '-';
  const rows = timeline.map((entry) => [
    entry.at,
    entry.event,
    entry.version ?? '',
    entry.metrics?.auc?.toFixed(4) ?? '',
    (entry.reason ?? '').slice(0, 110),
  ]);
  return [
    ...table(['AT', 'EVENT', 'VERSION', 'AUC', 'WHY'], rows),
    '',
    `champion: version ${champion.version}, AUC ${auc(champion)}; before: version ${previous?.version ?? '-'}, AUC ${auc(previous)} on the same rows`,
  ];
}

/** `slipway loop` */
export function addLoop(program: Command): void {
  withJson(
    program
      .command('loop <model>')
      .description('the improve flow with replayed months on a platform of its own: drift, alarm, retraining, canary'),
  )
    .addOption(new Option('--scenario <name>', 'what happens').choices([...SCENARIOS]).default('drift'))
    .option('--from <day>', 'first day; the history before it trains the first model', '2013-04-01')
    .option('--to <day>', 'day after the last', '2013-04-18')
    .option('--step <duration>', 'time between two rounds of requests; flights scheduled at these instants are predicted', '30m')
    .option('--every <n>', 'predict every n-th of these flights', '1')
    .option('--state <folder>', 'state folder; emptied first', join(ROOT, '.slipway', 'loop'))
    .option('--port <n>', 'port (loopback only)', portOf)
    .option('--keep', 'leave the platform running')
    .action(run<LoopOptions>(loop));
}
