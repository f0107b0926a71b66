import type { Scope } from './definition/consumer';

const PREFIX = 'slipway';

/** Resource server of the user pool; a token's scope reads `slipway/predict`. */
export const RESOURCE_SERVER = PREFIX;
/** Custom metrics' namespace. */
export const METRIC_NAMESPACE = 'Slipway';
/** The variant name is constant, so that autoscaling and alarms survive every new endpoint configuration. */
export const VARIANT = 'champion';
/** The stream of predictions and outcomes. */
export const INFERENCE = 'inference';

/** Features that every feature group has: the record identifier and the event time (ISO 8601 text, UTC, milliseconds). */
export const ENTITY_FEATURE = 'entity';
export const EVENT_TIME_FEATURE = 'event_time';

/** Every physical name that more than one part of the platform must know, for one stage. */
export interface Names {
  /** `slipway-<stage>-<rest>`: stacks, functions, alarms. */
  of(...rest: string[]): string;
  stream(source: string): string;
  delivery(source: string): string;
  readonly lakeDatabase: string;
  /** Table of a source's events, or of the inference log. */
  lakeTable(source: string): string;
  readonly workgroup: string;
  featureGroup(group: string): string;
  /** Glue table of a group's offline store. */
  featureTable(group: string): string;
  endpoint(model: string): string;
  packageGroup(model: string): string;
  pipeline(model: string): string;
  readonly tilesTable: string;
  readonly monitoringTable: string;
  readonly ledgerTable: string;
  readonly idempotencyTable: string;
  championParameter(model: string): string;
  championUrlParameter(model: string): string;
  championVersionParameter(model: string): string;
  /** `on` stops every retraining and promotion of the model. */
  freezeParameter(model: string): string;
  /** Alarm whose ALARM state asks for a retraining because inputs drift. */
  driftAlarm(model: string): string;
  /** Alarm whose ALARM state asks for a retraining because a metric of live quality is beyond its floor. */
  floorAlarm(model: string, metric: string): string;
  /** Alarms that roll a canary back. */
  errorAlarm(model: string): string;
  latencyAlarm(model: string): string;
  /** Prefix of the stage's parameters. */
  readonly parameterRoot: string;
  scope(scope: Scope): string;
  usagePlan(consumer: string): string;
  /** Path of the parameters that tell which client is which consumer: `<path>/<issuer>/<client id>`. */
  readonly consumersPath: string;
  /** Role of a model's servers. */
  servingRole(model: string): string;
}

export function names(stage: string): Names {
  const of = (...rest: string[]) => [PREFIX, stage, ...rest.map(kebab)].join('-');
  const parameterRoot = `/${PREFIX}/${stage}`;
  return {
    of,
    stream: (source) => of(source),
    delivery: (source) => of(source, 'to-lake'),
    lakeDatabase: `${PREFIX}_${stage}_lake`,
    lakeTable: (source) => source,
    workgroup: of('workgroup'),
    featureGroup: (group) => of(group),
    featureTable: (group) => `features_${group}`,
    endpoint: (model) => of(model),
    packageGroup: (model) => of(model),
    pipeline: (model) => of(model),
    tilesTable: of('tiles'),
    monitoringTable: of('monitoring'),
    ledgerTable: of('ledger'),
    idempotencyTable: of('idempotency'),
    championParameter: (model) => `${parameterRoot}/${model}/champion`,
    championUrlParameter: (model) => `${parameterRoot}/${model}/champion/url`,
    championVersionParameter: (model) => `${parameterRoot}/${model}/champion/version`,
    freezeParameter: (model) => `${parameterRoot}/${model}/freeze`,
    driftAlarm: (model) => of(model, 'drift'),
    floorAlarm: (model, metric) => of(model, `${metric}-floor`),
    errorAlarm: (model) => of(model, 'errors'),
    latencyAlarm: (model) => of(model, 'latency'),
    parameterRoot,
    scope: (scope) => `${RESOURCE_SERVER}/${scope}`,
    usagePlan: (consumer) => of(consumer),
    consumersPath: `${parameterRoot}/api/consumers`,
    servingRole: (model) => of(model, 'serving'),
  };
}

/** Keys in the models bucket. */
export const MODEL_KEYS = {
  /** Folder of a pipeline run, without a slash at its end. */
  run: (model: string, executionId: string) => `${model}/runs/${executionId}`,
  /** Files below a run's folder. */
  report: 'report/evaluation.json',
  profile: 'report/reference-profile.json',
  /** Drift reference of a version that serves or served. */
  versionProfile: (model: string, version: string) => `${model}/profiles/${version}.json`,
  /** Day-0 artefact. */
  baseline: (model: string, digest: string) => `${model}/v0/${digest.replace('sha256:', '')}/model.tar.gz`,
} as const;

function kebab(text: string): string {
  return text.replaceAll('_', '-');
}
