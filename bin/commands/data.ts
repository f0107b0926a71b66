import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { MAX_EVENTS, MAX_OUTCOMES } from '../../core/api';
import { findSource } from '../../core/definition';
import { platform } from '../../platform';
import { ApiClient } from '../cli/api-client';
import { exampleFiles, loadHistory, type Span } from '../cli/example-data';
import { Failure } from '../cli/failure';
import type { Output } from '../cli/output';
import { runOn, type TargetedOptions, withTarget } from '../cli/program';
import { ensurePython } from '../cli/python-environment';
import { requireApplication, type Target } from '../cli/target';
import { fetchToken, type Token } from '../cli/tokens';
import { modelNamed } from './models';

const EXAMPLE = 'flight-delays';
const DAY = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/;
const TOKEN_MARGIN_SECONDS = 60;

/** A client of the API as a consumer; its token is renewed before it ends (by the wall clock, or when the clock has jumped). */
export async function apiClient(target: Target, consumer: string): Promise<ApiClient> {
  const { apiUrl } = await requireApplication(target);
  let known: { token: Token; until: number } | undefined;
  return new ApiClient(apiUrl, async (renew) => {
    if (renew || known === undefined || Date.now() > known.until) {
      const token = await fetchToken(target, consumer, []);
      known = { token, until: Date.now() + Math.max(0, token.expires_in - TOKEN_MARGIN_SECONDS) * 1000 };
    }
    return known.token;
  });
}

function spanOf({ from, to }: Span): Span {
  for (const [name, value] of Object.entries({ from, to }))
    if (!DAY.test(value)) throw new Failure(`--${name}: must be a day such as 2013-01-01, given '${value}'`, 2);
  if (from >= to) throw new Failure(`--from (${from}) must be before --to (${to})`, 2);
  return { from, to };
}

async function load(
  target: Target,
  options: TargetedOptions & Span,
  output: Output,
  [name = '']: readonly string[],
): Promise<void> {
  if (name !== EXAMPLE) throw new Failure(`no data set '${name}', allowed: ${EXAMPLE}`, 2);
  const span = spanOf(options);
  await ensurePython({ development: false, progress: output.progress });
  const days = await loadHistory(target, span);
  output.result({ name, ...span, days }, () =>
    Object.entries(days).map(([source, count]) => `${source}: ${count} days into the lake`),
  );
}

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

async function sendEvents(
  target: Target,
  options: TargetedOptions & { consumer: string },
  output: Output,
  [source = '', file = '']: readonly string[],
): Promise<void> {
  if (findSource(platform, source) === undefined)
    throw new Failure(`no source '${source}', allowed: ${platform.sources.map(({ name }) => name).join(', ')}`, 2);
  const accepted = await sendAll(
    await apiClient(target, options.consumer),
    `/v1/events/${source}`,
    'events',
    await linesOf(file),
    MAX_EVENTS,
  );
  output.result({ source, accepted }, () => [`${accepted} events of ${source} accepted`]);
}

async function sendOutcomes(
  target: Target,
  options: TargetedOptions & { consumer: string },
  output: Output,
  [file = '']: readonly string[],
): Promise<void> {
  const accepted = await sendAll(
    await apiClient(target, options.consumer),
    '/v1/outcomes',
    'outcomes',
    await linesOf(file),
    MAX_OUTCOMES,
  );
  output.result({ accepted }, () => [`${accepted} outcomes accepted`]);
}

async function predict(
  target: Target,
  options: TargetedOptions & { consumer: string; instances: string },
  output: Output,
  [name]: readonly string[],
): Promise<void> {
  const model = modelNamed(name);
  let instances: unknown;
  try {
    instances = JSON.parse(options.instances);
  } catch {
    throw new Failure(`--instances: must be JSON, given '${options.instances.slice(0, 80)}'`, 2);
  }
  const body = { instances: Array.isArray(instances) ? instances : [instances] };
  const answer = (await (
    await apiClient(target, options.consumer)
  ).send('POST', `/v1/models/${model}/predictions`, body)) as object;
  output.result(answer, () => [JSON.stringify(answer, null, 2)]);
}

/** `slipway data|events|outcomes|predict` */
export function addData(program: Command): void {
  const data = program.command('data').description('data sets of the examples');
  withTarget(data.command('load <name>').description(`put history into the lake (${EXAMPLE})`))
    .requiredOption('--from <day>', 'first day, UTC')
    .requiredOption('--to <day>', 'day after the last, UTC')
    .action(runOn<TargetedOptions & Span>(load));
  withTarget(data.command('files <name>').description('write the events of a span as JSON lines and print the folder'))
    .requiredOption('--from <day>', 'first day, UTC')
    .requiredOption('--to <day>', 'day after the last, UTC')
    .action(
      runOn<TargetedOptions & Span>(async (_, options, output) => {
        const folder = exampleFiles(spanOf(options), 'jsonl');
        output.result({ folder }, () => [folder]);
      }),
    );
  const consumer = 'ops-dashboard';
  withTarget(
    program
      .command('events')
      .description('events of the sources')
      .command('send <source> <file>')
      .description('send JSON lines through the API'),
  )
    .option('--consumer <name>', 'act as this consumer', consumer)
    .action(runOn<TargetedOptions & { consumer: string }>(sendEvents));
  withTarget(
    program
      .command('outcomes')
      .description('what happened after predictions')
      .command('send <file>')
      .description('send JSON lines through the API'),
  )
    .option('--consumer <name>', 'act as this consumer', consumer)
    .action(runOn<TargetedOptions & { consumer: string }>(sendOutcomes));
  withTarget(program.command('predict <model>').description('ask a model through the API'))
    .requiredOption('--instances <json>', 'one instance or a list')
    .option('--consumer <name>', 'act as this consumer', 'mobile-app')
    .action(runOn<TargetedOptions & { consumer: string; instances: string }>(predict));
}
