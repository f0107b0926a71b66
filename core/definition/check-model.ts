import { algorithmOf } from '../algorithms';
import { isBurstable } from '../instance-types';
import { taskOf } from '../tasks';
import { seconds } from './duration';
import { featureColumn } from './feature-group';
import type { Model } from './model';
import type { Platform } from './platform';
import { type Problem, unknown } from './problem';

/** A model against the sources, groups and stages that it names. */
export function checkModel(platform: Platform, model: Model, declared: ReadonlySet<string>): Problem[] {
  const found = [
    ...checkSpine(platform, model, declared),
    ...checkLabel(platform, model, declared),
    ...checkFeatures(platform, model, declared),
    ...checkInputs(model),
    ...checkStages(platform, model),
    ...checkTimes(model),
    ...checkAlarmSpan(model),
    ...checkFleets(model),
    ...taskOf(model).check(model, inputsOf(model)),
    ...checkAlgorithm(model),
  ];
  return found.map(({ path, message }) => ({ path: `models.${model.name}.${path}`, message }));
}

function checkSpine(platform: Platform, model: Model, declared: ReadonlySet<string>): Problem[] {
  const source = platform.sources.find((it) => it.name === model.spine.source);
  if (source === undefined) {
    const known = declared.has(`sources.${model.spine.source}`);
    return known
      ? []
      : [
          unknown(
            'spine.source',
            `source '${model.spine.source}'`,
            platform.sources.map((it) => it.name),
          ),
        ];
  }
  const columns = Object.keys(source.schema);
  const named: [string, string][] = [
    ['entity', model.entity],
    ['spine.time', model.spine.time],
  ];
  for (const name of Object.keys(model.request)) named.push([`request.${name}`, name]);
  for (const name of Object.keys(model.keys)) named.push([`keys.${name}`, name]);
  const problems = named
    .filter(([, column]) => !columns.includes(column))
    .map(([path, column]) => unknown(path, `column '${column}' of ${source.name}`, columns));
  const time = source.schema[model.spine.time];
  if (time !== undefined && time.type !== 'timestamp')
    problems.push({ path: 'spine.time', message: `must name a timestamp column, '${model.spine.time}' is a ${time.type}` });
  return problems;
}

function checkLabel(platform: Platform, model: Model, declared: ReadonlySet<string>): Problem[] {
  const source = platform.sources.find((it) => it.name === model.label.source);
  if (source === undefined) {
    const known = declared.has(`sources.${model.label.source}`);
    return known
      ? []
      : [
          unknown(
            'label.source',
            `source '${model.label.source}'`,
            platform.sources.map((it) => it.name),
          ),
        ];
  }
  const columns = Object.keys(source.schema);
  const numeric = columns.filter((name) => ['number', 'integer'].includes(source.schema[name]?.type ?? ''));
  const problems: Problem[] = [];
  if (!columns.includes(model.label.joinOn)) problems.push(unknown('label.joinOn', `column '${model.label.joinOn}'`, columns));
  if (!numeric.includes(model.label.column))
    problems.push(unknown('label.column', `numeric column '${model.label.column}'`, numeric));
  return problems;
}

function checkFeatures(platform: Platform, model: Model, declared: ReadonlySet<string>): Problem[] {
  const sent = [...Object.keys(model.request), ...Object.keys(model.keys)];
  const columns = model.features.map(featureColumn);
  return model.features.flatMap((ref, index) => {
    const path = `features[${index}]`;
    const group = platform.featureGroups.find((it) => it.name === ref.group);
    if (group === undefined) {
      const known = declared.has(`featureGroups.${ref.group}`);
      return known
        ? []
        : [
            unknown(
              path,
              `feature group '${ref.group}'`,
              platform.featureGroups.map((it) => it.name),
            ),
          ];
    }
    const names = Object.keys(group.aggregations);
    const problems = names.includes(ref.feature) ? [] : [unknown(path, `feature '${ref.group}.${ref.feature}'`, names)];
    if (columns.indexOf(featureColumn(ref)) !== index) problems.push({ path, message: `repeats '${ref.group}.${ref.feature}'` });
    const absent = group.entity.filter((column) => !sent.includes(column));
    if (absent.length > 0)
      problems.push({ path, message: `needs ${absent.join(', ')} in request or keys to look '${ref.group}' up` });
    return problems;
  });
}

function checkInputs(model: Model): Problem[] {
  const watched = [...inputsOf(model), ...taskOf(model).outputs];
  const problems: Problem[] = [];
  for (const [name, field] of Object.entries(model.request)) {
    if (field.type === 'string' || field.type === 'timestamp')
      problems.push({ path: `request.${name}.type`, message: `must be category, number or integer, given ${field.type}` });
  }
  for (const name of Object.keys(model.keys)) {
    if (name in model.request) problems.push({ path: `keys.${name}`, message: 'is also a request feature' });
  }
  for (const name of model.slices) {
    if (model.request[name]?.type !== 'category')
      problems.push({ path: 'slices', message: `must name category request features, given '${name}'` });
  }
  for (const name of Object.keys(model.monitoring.drift.inputs)) {
    if (!watched.includes(name)) problems.push(unknown(`monitoring.drift.inputs.${name}`, `input '${name}'`, watched));
  }
  return problems;
}

function inputsOf(model: Model): string[] {
  return [...Object.keys(model.request), ...model.features.map(featureColumn)];
}

function checkAlgorithm({ task, training }: Model): Problem[] {
  const { tasks } = algorithmOf(training);
  return tasks.includes(task)
    ? []
    : [{ path: 'training.algorithm', message: `${training.algorithm} does not learn ${task}, it learns: ${tasks.join(', ')}` }];
}

function checkStages(platform: Platform, model: Model): Problem[] {
  const stages = platform.stages.map((stage) => stage.name);
  const tables = {
    'training.instanceTypes': Object.keys(model.training.instanceTypes),
    'serving.fleet': Object.keys(model.serving.fleet),
  };
  return Object.entries(tables).flatMap(([path, keys]) => [
    ...stages.filter((name) => !keys.includes(name)).map((name) => ({ path, message: `lacks stage '${name}'` })),
    ...keys.filter((name) => !stages.includes(name)).map((name) => unknown(path, `stage '${name}'`, stages)),
  ]);
}

/** Limits of SageMaker's deployment configuration and of our own clocks. */
function checkTimes(model: Model): Problem[] {
  const { canary } = model.serving;
  const problems: Problem[] = [];
  const longest = seconds(canary.bake) + seconds(canary.terminationWait);
  if (seconds(canary.bake) > 3600)
    problems.push({ path: 'serving.canary.bake', message: `must be at most 1h, given ${canary.bake}` });
  if (seconds(canary.terminationWait) > 3600)
    problems.push({ path: 'serving.canary.terminationWait', message: `must be at most 1h, given ${canary.terminationWait}` });
  if (seconds(canary.maxDuration) <= longest || seconds(canary.maxDuration) > 14_400) {
    problems.push({
      path: 'serving.canary.maxDuration',
      message: `must be above bake + terminationWait and at most 4h, given ${canary.maxDuration}`,
    });
  }
  if (seconds(model.retraining.maxCooldown) < seconds(model.retraining.cooldown)) {
    problems.push({
      path: 'retraining.maxCooldown',
      message: `must not be below cooldown, given ${model.retraining.maxCooldown}`,
    });
  }
  if (seconds(model.api.timeout) > 29)
    problems.push({ path: 'api.timeout', message: `must be at most 29s, given ${model.api.timeout}` });
  return problems;
}

const WEEK = 7 * 24 * 3600;

/** An alarm of CloudWatch looks back a week at most (PutMetricAlarm; a day with periods below an hour, which 24 windows never pass). */
function checkAlarmSpan({ monitoring: { window, alarm } }: Model): Problem[] {
  if (seconds(window) * alarm.windows <= WEEK) return [];
  return [{ path: 'monitoring.window', message: `must be at most 7d with alarm.windows, given ${alarm.windows} x ${window}` }];
}

/** Application Auto Scaling does not scale burstable instances (SageMaker, prerequisites of endpoint auto scaling). */
function checkFleets({ serving }: Model): Problem[] {
  return Object.entries(serving.fleet)
    .filter(([, { instanceType }]) => isBurstable(instanceType))
    .map(([stage, { instanceType }]) => ({
      path: `serving.fleet.${stage}.instanceType`,
      message: `must be a type that can be scaled, which burstable ones cannot, given ${instanceType}`,
    }));
}
