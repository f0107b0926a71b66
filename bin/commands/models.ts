import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type Command, Option } from 'commander';
import { findModel } from '../../core/definition';
import { platform } from '../../platform';
import { Failure } from '../cli/failure';
import { invokeFunction } from '../cli/functions';
import { readChampion, readLedger, readRuns } from '../cli/ledger';
import { type Output, table } from '../cli/output';
import { runOn, type TargetedOptions, withTarget } from '../cli/program';
import type { Target } from '../cli/target';
import { waitForOutcome, waitForRun } from '../cli/waiting';

/** A model of the definitions, or a Failure that lists them. */
export function modelNamed(name: string | undefined): string {
  if (name !== undefined && findModel(platform, name) !== undefined) return name;
  throw new Failure(`no model '${name ?? ''}', allowed: ${platform.models.map((model) => model.name).join(', ')}`, 2);
}

async function list(target: Target, _: TargetedOptions, output: Output): Promise<void> {
  const models = await Promise.all(
    platform.models.map(async ({ name, description }) => ({ name, description, champion: await readChampion(target, name) })),
  );
  output.result({ models }, () =>
    table(
      ['MODEL', 'CHAMPION', 'SINCE', 'DESCRIPTION'],
      models.map(({ name, description, champion }) => [name, champion?.version ?? '-', champion?.promotedAt ?? '-', description]),
    ),
  );
}

async function show(target: Target, _: TargetedOptions, output: Output, [name]: readonly string[]): Promise<void> {
  const model = modelNamed(name);
  const [champion, timeline] = await Promise.all([readChampion(target, model), readLedger(target, model)]);
  output.result({ model, champion: champion ?? null, timeline }, () => [
    `champion   version ${champion?.version ?? '-'}, ${champion?.digest ?? '-'}`,
    ...table(
      ['AT', 'EVENT', 'VERSION', 'WHY'],
      timeline.map((entry) => [entry.at, entry.event, entry.version ?? '', entry.reason ?? '']),
    ),
  ]);
}

async function runs(target: Target, _: TargetedOptions, output: Output, [name]: readonly string[]): Promise<void> {
  const model = modelNamed(name ?? platform.models[0]?.name);
  const found = await readRuns(target, model);
  output.result({ model, runs: found }, () =>
    table(
      ['STARTED', 'REASON', 'OUTCOME', 'EXECUTION'],
      found.map((it) => [
        new Date(Number(it.startedAt)).toISOString(),
        String(it.reason),
        String(it.outcome),
        String(it.execution),
      ]),
    ),
  );
}

async function alarms(target: Target, _: TargetedOptions, output: Output): Promise<void> {
  const { MetricAlarms = [] } = await new CloudWatchClient(target.client).send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: target.names.of(), MaxRecords: 100 }),
  );
  const found = MetricAlarms.map(({ AlarmName, StateValue, StateReason, AlarmDescription }) => ({
    name: AlarmName,
    state: StateValue,
    reason: StateReason,
    description: AlarmDescription,
  }));
  output.result({ alarms: found }, () =>
    table(
      ['ALARM', 'STATE', 'REASON'],
      found.map((it) => [it.name ?? '', it.state ?? '', it.reason ?? '']),
    ),
  );
}

async function retrain(
  target: Target,
  options: TargetedOptions & { wait?: boolean },
  output: Output,
  [name]: readonly string[],
): Promise<void> {
  const model = modelNamed(name);
  const decision = (await invokeFunction(target, 'retrain', { model, trigger: 'manual' })) as {
    retrain: boolean;
    reason: string;
    execution?: string;
  };
  if (decision.execution === undefined)
    throw new Failure(`no training: ${decision.reason}`, 1, 'npx slipway models show tells what happened before.');
  if (options.wait !== true) return output.result({ model, ...decision }, () => [`training started: ${decision.execution}`]);
  output.progress(`training ${decision.execution} ...`);
  const status = await waitForRun(target, decision.execution);
  const outcome = await waitForOutcome(target, model, decision.execution);
  output.result({ model, ...decision, status, outcome }, () => [`${status}: ${outcome}`]);
  if (outcome !== 'promoted') process.exitCode = 1;
}

async function rollback(
  target: Target,
  options: TargetedOptions & { to?: string },
  output: Output,
  [name]: readonly string[],
): Promise<void> {
  const model = modelNamed(name);
  const champion = await readChampion(target, model);
  const version = options.to ?? (await previousVersion(target, model, champion?.version));
  await invokeFunction(target, 'promote', { rollback: { model, version } });
  output.result({ model, from: champion?.version ?? null, to: version }, () => [
    `rolling ${model} back to version ${version} by canary`,
  ]);
}

async function previousVersion(target: Target, model: string, current: string | undefined): Promise<string> {
  const promoted = (await readLedger(target, model)).filter(({ event, version }) => event === 'promoted' && version !== current);
  const version = promoted.at(-1)?.version;
  if (version === undefined) throw new Failure(`${model} has no earlier champion`, 1, 'Name a registered version: --to N.');
  return version;
}

async function freeze(
  target: Target,
  options: TargetedOptions & { off?: boolean },
  output: Output,
  [name]: readonly string[],
): Promise<void> {
  const model = modelNamed(name);
  const client = new SSMClient(target.client);
  const Name = target.names.freezeParameter(model);
  if (options.off === true)
    await client.send(new DeleteParameterCommand({ Name })).catch((error: unknown) => {
      if (!(error instanceof ParameterNotFound)) throw error;
    });
  else await client.send(new PutParameterCommand({ Name, Value: 'on', Type: 'String', Overwrite: true }));
  const frozen = options.off !== true;
  output.result({ model, frozen }, () => [
    frozen ? `${model} is frozen: no training, no promotion` : `${model} is no longer frozen`,
  ]);
}

/** `slipway models|runs|alarms|retrain|rollback|freeze` */
export function addModels(program: Command): void {
  const models = program.command('models').description('models and their champions');
  withTarget(models.command('list', { isDefault: true }).description('all models')).action(runOn(list));
  withTarget(models.command('show <model>').description('champion and timeline of one model')).action(runOn(show));
  withTarget(program.command('runs [model]').description('training runs and how they ended')).action(runOn(runs));
  withTarget(program.command('alarms').description('alarms and their states')).action(runOn(alarms));
  withTarget(program.command('retrain <model>').description('ask for a training run'))
    .option('--wait', 'wait until it is promoted or refused')
    .action(runOn<TargetedOptions & { wait?: boolean }>(retrain));
  withTarget(program.command('rollback <model>').description('serve an earlier version again, by canary'))
    .addOption(new Option('--to <version>', 'registered version; the champion before by default'))
    .action(runOn<TargetedOptions & { to?: string }>(rollback));
  withTarget(program.command('freeze <model>').description('stop training and promotion of a model'))
    .option('--off', 'let it go on')
    .action(runOn<TargetedOptions & { off?: boolean }>(freeze));
}
