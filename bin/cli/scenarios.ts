import { createHash } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { algorithmOf } from '../../core/algorithms';
import type { Model } from '../../core/definition';
import { packTar, sources } from '../../lib/shared/artefacts';
import type { ApiClient } from './api-client';
import { replayClients } from './consumers';
import type { Control } from './control';
import { Failure } from './failure';
import { invokeFunction } from './functions';
import { readChampion, readRuns } from './ledger';
import { ROOT } from './paths';
import { type PredictionRequest, recordedRequests } from './prediction-requests';
import { loadHistory, recordedFiles, type Span } from './recorded-events';
import type { Target } from './target';
import { waitForRun } from './waiting';

const MINUTE_MS = 60_000;
/** A run or a roll-out that takes longer has gone wrong. */
const PATIENCE_MINUTES = 120;
/** Requests per simulated minute while a canary bakes. */
const CANARY_REQUESTS = 20;

/** Serving code that fails on every request, while training and evaluation, which call the scorer directly, work. */
const BREAKAGE = `

def predict_fn(instances, model):
    raise RuntimeError('this version cannot serve')


def batch_predict_fn(requests, model):
    return [RuntimeError('this version cannot serve') for _ in requests]
`;

/** What a scenario of the improve flow is played on. */
export interface Scene {
  readonly target: Target;
  readonly model: Model;
  readonly control: Control;
  readonly progress: (line: string) => void;
}

/** Lets a run or a roll-out that is under way come to its end; `each` runs before every simulated minute. */
export async function settle(
  { target, model, control }: Scene,
  each: (minute: number) => Promise<void> = async () => {},
): Promise<void> {
  for (let minute = 0; minute < PATIENCE_MINUTES; minute += 1) {
    if (!(await readRuns(target, model.name)).some(({ outcome }) => outcome === 'running')) return;
    await each(minute);
    await control.advance(MINUTE_MS);
  }
}

/** A challenger that has learned next to nothing: the gates must refuse it. */
export async function badChallenger(scene: Scene): Promise<void> {
  const { weakest } = algorithmOf(scene.model.training);
  scene.progress(`training a challenger with ${JSON.stringify(weakest)} ...`);
  await runWith(scene, weakest);
  await settle(scene);
}

/** A challenger that is better on the hold-out, having seen the events of `later`, but whose code fails when it serves: the canary must roll back. */
export async function failingCanary(scene: Scene, later: Span): Promise<void> {
  const { target, model, control, progress } = scene;
  progress(`loading ${later.from} to ${later.to}, so that a new model is better ...`);
  await loadHistory(target, later);
  await control.advance(Date.parse(later.to) - Date.parse((await control.status()).clock.now));
  const sourceUrl = await uploadBrokenSource(target, model);
  progress('training a challenger whose serving code fails ...');
  await runWith(scene, { sourceUrl });
  const { predictions } = await replayClients(target, model);
  const [probe] = await recordedRequests(recordedFiles(target, later, 'jsonl'), model);
  if (probe === undefined) throw new Failure(`no prediction of ${model.name} is recorded from ${later.from} to ${later.to}`);
  await settle(scene, (minute) => ask(predictions, model, probe, minute));
}

/** A round of requests to a canary; those that fail are what its alarm is for. */
async function ask(client: ApiClient, model: Model, { instance }: PredictionRequest, round: number): Promise<void> {
  for (let request = 0; request < CANARY_REQUESTS; request += 1)
    await client
      .send('POST', `/v1/models/${model.name}/predictions`, {
        instances: [{ ...instance, [model.entity]: `probe-${round}-${request}` }],
      })
      .catch(() => undefined);
}

async function runWith({ target, model }: Scene, parameters: object): Promise<void> {
  const decision = (await invokeFunction(target, 'retrain', { model: model.name, trigger: 'manual', parameters })) as {
    reason: string;
    execution?: string;
  };
  if (decision.execution === undefined) throw new Failure(`the training was refused: ${decision.reason}`);
  await waitForRun(target, decision.execution);
}

/** Uploads the container's sources with serving code that fails; gives their address. */
async function uploadBrokenSource(target: Target, { name: model, training }: Model): Promise<string> {
  const champion = await readChampion(target, model);
  if (champion === undefined) throw new Failure(`${model} has no champion`);
  const files = sources(ROOT, training.algorithm);
  const body = packTar({ ...files, 'inference.py': `${files['inference.py']?.toString('utf8')}${BREAKAGE}` });
  const bucket = new URL(champion.modelDataUrl).hostname;
  const key = `${model}/experiments/${createHash('sha256').update(body).digest('hex')}.tar.gz`;
  await new S3Client(target.client).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  return `s3://${bucket}/${key}`;
}
