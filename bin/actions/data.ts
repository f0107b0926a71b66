import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { MAX_EVENTS, MAX_OUTCOMES } from '../../core/api';
import { findSource } from '../../core/definition';
import type { ApiClient } from '../cli/api-client';
import { apiClient, consumerWith } from '../cli/consumers';
import { Failure } from '../cli/failure';
import { loadPlatform } from '../cli/platform-folder';
import type { Action, TargetedOptions } from '../cli/program';
import { ensurePython } from '../cli/python-environment';
import { loadHistory, recordedFiles, requireHistory, type Span } from '../cli/recorded-events';
import { modelNamed, openTarget } from '../cli/target';

const DAY = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/;

function spanOf({ from, to }: Span): Span {
  for (const [name, value] of Object.entries({ from, to }))
    if (!DAY.test(value)) throw new Failure(`--${name}: must be a day such as 2026-01-31, given '${value}'`, 2);
  if (from >= to) throw new Failure(`--from (${from}) must be before --to (${to})`, 2);
  return { from, to };
}

/** `slipway data load` */
export const loadData: Action<TargetedOptions & Span> = async ({ options, output }) => {
  const span = spanOf(options);
  const target = await openTarget(options);
  requireHistory(target);
  await ensurePython({ development: false, progress: output.progress });
  const days = await loadHistory(target, span);
  output.result({ ...span, days }, () => Object.entries(days).map(([source, count]) => `${source}: ${count} days into the lake`));
};

/** `slipway data files` */
export const writeFiles: Action<{ platform: string } & Span> = async ({ options, output }) => {
  const span = spanOf(options);
  const loaded = await loadPlatform(options.platform);
  requireHistory(loaded);
  await ensurePython({ development: false, progress: output.progress });
  const folder = recordedFiles(loaded, span, 'jsonl');
  output.result({ folder }, () => [folder]);
};

async function linesOf(file: string): Promise<object[]> {
  if (!existsSync(file)) throw new Failure(`no file ${file}`, 2);
  const rows: object[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line.trim() === '') continue;
    try {
      rows.push(JSON.parse(line) as object);
    } catch {
      throw new Failure(`${file}, line ${rows.length + 1}: not JSON`, 1, 'The file holds one JSON object per line.');
    }
  }
  return rows;
}

async function sendAll(client: ApiClient, path: string, key: string, rows: readonly object[], size: number): Promise<number> {
  for (let start = 0; start < rows.length; start += size)
    await client.send('POST', path, { [key]: rows.slice(start, start + size) });
  return rows.length;
}

/** `--consumer`; without it the first that may. */
interface AsConsumer {
  readonly consumer?: string;
}

/** `slipway events send` */
export const sendEvents: Action<TargetedOptions & AsConsumer> = async ({ options, output, positional }) => {
  const [source = '', file = ''] = positional;
  const rows = await linesOf(file);
  const target = await openTarget(options);
  const { sources } = target.platform;
  if (findSource(target.platform, source) === undefined)
    throw new Failure(`no source '${source}', allowed: ${sources.map(({ name }) => name).join(', ')}`, 2);
  const client = await apiClient(target, options.consumer ?? consumerWith(target, 'events:write').name);
  const accepted = await sendAll(client, `/v1/events/${source}`, 'events', rows, MAX_EVENTS);
  output.result({ source, accepted }, () => [`${accepted} events of ${source} accepted`]);
};

/** `slipway outcomes send` */
export const sendOutcomes: Action<TargetedOptions & AsConsumer> = async ({ options, output, positional: [file = ''] }) => {
  const rows = await linesOf(file);
  const target = await openTarget(options);
  const client = await apiClient(target, options.consumer ?? consumerWith(target, 'outcomes:write').name);
  const accepted = await sendAll(client, '/v1/outcomes', 'outcomes', rows, MAX_OUTCOMES);
  output.result({ accepted }, () => [`${accepted} outcomes accepted`]);
};

/** `slipway predict` */
export const predict: Action<TargetedOptions & AsConsumer & { instances: string }> = async ({ options, output, positional }) => {
  const target = await openTarget(options);
  const model = modelNamed(target, positional[0]);
  let instances: unknown;
  try {
    instances = JSON.parse(options.instances);
  } catch {
    throw new Failure(`--instances: must be JSON, given '${options.instances.slice(0, 80)}'`, 2);
  }
  const body = { instances: Array.isArray(instances) ? instances : [instances] };
  const client = await apiClient(target, options.consumer ?? consumerWith(target, 'predict', model).name);
  const answer = (await client.send('POST', `/v1/models/${model.name}/predictions`, body)) as object;
  output.result(answer, () => [JSON.stringify(answer, null, 2)]);
};
