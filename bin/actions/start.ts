import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Model } from '../../core/definition';
import { consumerWith } from '../cli/consumers';
import { Failure } from '../cli/failure';
import { loadRecorded, trainFirst } from '../cli/first-model';
import { readChampion } from '../cli/ledger';
import type { Output } from '../cli/output';
import { type LoadedPlatform, loadPlatform, platformOption } from '../cli/platform-folder';
import { recordedRequests, sampleInstance } from '../cli/prediction-requests';
import type { Action } from '../cli/program';
import { recordedFiles } from '../cli/recorded-events';
import { findServer, stateOption } from '../cli/state-folder';
import { modelNamed, openTarget, requireApplication, type Target } from '../cli/target';
import { fetchToken } from '../cli/tokens';
import { beginOf, bringUp, LOCAL_STAGE } from './local';

interface StartOptions {
  readonly state: string;
  readonly platform: string;
  readonly model?: string;
  readonly port?: number;
}

const DAY_MS = 86_400_000;

/**
 * `slipway start`: everything up to a served model. The local AWS, the deployment and, where events are recorded, history and the first
 * training of each model; each part is skipped where it is done.
 */
export const start: Action<StartOptions> = async ({ options, output }) => {
  const began = Date.now();
  const stateDir = resolve(options.state);
  const step = (text: string): void => output.progress(`[${((Date.now() - began) / 1000).toFixed(0).padStart(3)} s] ${text}`);
  const loaded = await loadPlatform(options.platform);
  const shown = modelNamed(loaded, options.model ?? loaded.platform.models[0]?.name);
  await bringUpOnce({ stateDir, port: options.port, loaded }, { ...output, progress: step });
  const target = await openTarget({ target: 'local', stage: LOCAL_STAGE, state: stateDir, platform: loaded.folder });
  await trainUntrained(target, step);
  step('ready');
  await tell({ target, model: shown, stateDir }, output);
};

async function bringUpOnce(
  { stateDir, port, loaded }: { readonly stateDir: string; readonly port: number | undefined; readonly loaded: LoadedPlatform },
  output: Output,
): Promise<void> {
  const running = findServer(stateDir);
  if (running === undefined) {
    const resumes = existsSync(join(stateDir, 'port'));
    output.progress(resumes ? 'resuming the local platform' : 'starting a local AWS and deploying the platform to it');
    await bringUp({ stateDir, port, startAt: beginOf(loaded), deploy: undefined, loaded }, output);
  } else if (port && port !== running.port) {
    throw new Failure(
      `it runs on port ${running.port} already, given ${port}`,
      2,
      'Leave --port out, or choose another --state.',
    );
  }
}

/** Loads what is recorded and trains the models that still serve their day-0 baseline; without recorded events they go on doing so. */
async function trainUntrained(target: Target, step: (text: string) => void): Promise<void> {
  const { history, platform } = target;
  const untrained: Model[] = [];
  for (const model of platform.models) if ((await readChampion(target, model.name))?.version === '0') untrained.push(model);
  if (untrained.length === 0) return;
  if (history === undefined) return step('no events are recorded: the day-0 baselines serve');
  const to = history.startAt.slice(0, 10);
  step(`loading the events of ${history.from} to ${to}`);
  await loadRecorded(target, { from: history.from, to });
  for (const { name } of untrained) {
    step(`training the first version of ${name}`);
    await trainFirst(target, name);
  }
}

async function tell(
  { target, model, stateDir }: { readonly target: Target; readonly model: Model; readonly stateDir: string },
  output: Output,
): Promise<void> {
  const { apiUrl } = await requireApplication(target);
  const consumer = consumerWith(target, 'predict', model).name;
  const token = await fetchToken(target, consumer, []);
  const champion = await readChampion(target, model.name);
  const url = `${apiUrl}/v1/models/${model.name}/predictions`;
  const body = JSON.stringify({ instances: [await exampleInstance(target, model)] });
  const curl = `curl -s '${url}' -H 'authorization: Bearer ${token.access_token}' -H 'content-type: application/json' -d '${body}'`;
  const { access_token, expires_in } = token;
  const result = { model: model.name, url, token: access_token, expires_in, curl, version: champion?.version ?? null, apiUrl };
  const options = `${stateOption(stateDir)}${platformOption(target)}`;
  output.result(result, () => [
    '',
    `${model.name} version ${champion?.version} serves at`,
    `  ${url}`,
    '',
    `Token of ${consumer} (${expires_in} s of the simulated clock; another: npx slipway token --consumer ${consumer}${options}):`,
    `  ${access_token}`,
    '',
    'Ask it:',
    `  ${curl}`,
    '',
    `It goes on running: npx slipway local status${options}, npx slipway models show ${model.name}${options}; npx slipway local down${options} ends it.`,
  ]);
}

/** A recorded request of the day on which the simulated clock begins, or one made from the schema. */
async function exampleInstance(target: Target, model: Model): Promise<object> {
  const { history, platform } = target;
  if (history === undefined) return sampleInstance(platform, model);
  const from = history.startAt.slice(0, 10);
  const to = new Date(Date.parse(from) + DAY_MS).toISOString().slice(0, 10);
  const [first] = await recordedRequests(recordedFiles(target, { from, to }, 'jsonl'), model);
  return first?.instance ?? sampleInstance(platform, model);
}
