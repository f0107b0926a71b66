import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { DeleteParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Failure } from '../cli/failure';
import { invokeFunction } from '../cli/functions';
import { readChampion, readLedger, readRuns } from '../cli/ledger';
import { table } from '../cli/output';
import { loadPlatform } from '../cli/platform-folder';
import type { Action, TargetedOptions } from '../cli/program';
import { findServer } from '../cli/state-folder';
import { modelNamed, openTarget, type Target } from '../cli/target';
import { waitForOutcome, waitForRun } from '../cli/waiting';

/** `slipway models list`: the definitions; where a platform runs, the champions too. */
export const listModels: Action<TargetedOptions> = async ({ options, output }) => {
  const { platform } = await loadPlatform(options.platform);
  const runs = options.target === 'aws' || findServer(options.state) !== undefined;
  const target = runs ? await openTarget(options) : undefined;
  const models = await Promise.all(
    platform.models.map(async ({ name, task, training, description }) => {
      const champion = target === undefined ? undefined : await readChampion(target, name);
      return { name, task, algorithm: training.algorithm, description, champion: champion ?? null };
    }),
  );
  output.result({ models }, () =>
    table(
      ['MODEL', 'TASK', 'ALGORITHM', 'CHAMPION', 'SINCE', 'DESCRIPTION'],
      models.map(({ name, task, algorithm, champion, description }) => {
        return [name, task, algorithm, champion?.version ?? '-', champion?.promotedAt ?? '-', description];
      }),
    ),
  );
};

/** `slipway models show` */
export const showModel: Action<TargetedOptions> = async ({ options, output, positional: [name] }) => {
  const target = await openTarget(options);
  const { name: model, task, training } = modelNamed(target, name);
  const [champion, timeline] = await Promise.all([readChampion(target, model), readLedger(target, model)]);
  output.result({ model, task, algorithm: training.algorithm, champion: champion ?? null, timeline }, () => [
    `champion   version ${champion?.version ?? '-'}, ${champion?.digest ?? '-'}`,
    ...table(
      ['AT', 'EVENT', 'VERSION', 'WHY'],
      timeline.map((entry) => [entry.at, entry.event, entry.version ?? '', entry.reason ?? '']),
    ),
  ]);
};

/** `slipway runs` */
export const runs: Action<TargetedOptions> = async ({ options, output, positional: [name] }) => {
  const target = await openTarget(options);
  const { name: model } = modelNamed(target, name ?? target.platform.models[0]?.name);
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
};

/** `slipway alarms` */
export const alarms: Action<TargetedOptions> = async ({ options, output }) => {
  const target = await openTarget(options);
  const client = new CloudWatchClient(target.client);
  const found: Record<'name' | 'state' | 'reason' | 'description', string>[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { AlarmNamePrefix: target.names.of('') }))
    for (const { AlarmName = '', StateValue = '', StateReason = '', AlarmDescription = '' } of MetricAlarms)
      found.push({ name: AlarmName, state: StateValue, reason: StateReason, description: AlarmDescription });
  output.result({ alarms: found }, () =>
    table(
      ['ALARM', 'STATE', 'REASON'],
      found.map((it) => [it.name, it.state, it.reason]),
    ),
  );
};

/** `slipway retrain` */
export const retrain: Action<TargetedOptions & { wait?: boolean }> = async ({ options, output, positional: [name] }) => {
  const target = await openTarget(options);
  const { name: model } = modelNamed(target, name);
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
};

/** `slipway rollback` */
export const rollback: Action<TargetedOptions & { to?: string }> = async ({ options, output, positional: [name] }) => {
  const target = await openTarget(options);
  const { name: model } = modelNamed(target, name);
  const champion = await readChampion(target, model);
  const version = options.to ?? (await previousVersion(target, model, champion?.version));
  await invokeFunction(target, 'promote', { rollback: { model, version } });
  output.result({ model, from: champion?.version ?? null, to: version }, () => [
    `rolling ${model} back to version ${version} by canary`,
  ]);
};

async function previousVersion(target: Target, model: string, current: string | undefined): Promise<string> {
  const promoted = (await readLedger(target, model)).filter(({ event, version }) => event === 'promoted' && version !== current);
  const version = promoted.at(-1)?.version;
  if (version === undefined) throw new Failure(`${model} has no earlier champion`, 1, 'Name a registered version: --to N.');
  return version;
}

/** `slipway freeze` */
export const freeze: Action<TargetedOptions & { off?: boolean }> = async ({ options, output, positional: [name] }) => {
  const target = await openTarget(options);
  const { name: model } = modelNamed(target, name);
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
};
