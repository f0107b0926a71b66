import {
  ENTITY_FEATURE,
  EVENT_TIME_FEATURE,
  INFERENCE,
  METRIC_NAMESPACE,
  MODEL_KEYS,
  names,
  RESOURCE_SERVER,
  VARIANT,
} from '../../core/naming';
import { platform } from '../support/example-platform';

const RESOURCE = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

test.each(platform.stages.map((stage) => stage.name))('names of stage %s are legal and distinct per service', (stage) => {
  const it = names(stage);
  const groups = platform.featureGroups.map((group) => it.featureGroup(group.name));
  const models = platform.models.flatMap((model) => [
    it.endpoint(model.name),
    it.pipeline(model.name),
    it.packageGroup(model.name),
  ]);
  const streams = [...platform.sources.map((source) => source.name), 'inference'].map(it.stream);

  for (const name of [...groups, ...models, ...streams]) expect(name).toMatch(RESOURCE);
  expect(new Set(groups).size).toBe(groups.length);
  expect(new Set(streams).size).toBe(streams.length);
});

test('parameters and scopes have the documented form', () => {
  const it = names('dev');

  expect(it.championParameter('flight-delay')).toBe('/slipway/dev/flight-delay/champion');
  expect(it.championUrlParameter('flight-delay')).toBe('/slipway/dev/flight-delay/champion/url');
  expect(it.freezeParameter('flight-delay')).toBe('/slipway/dev/flight-delay/freeze');
  expect(it.scope('outcomes:write')).toBe('slipway/outcomes:write');
  expect(it.featureGroup('origin_congestion')).toBe('slipway-dev-origin-congestion');
});

// A changed name replaces what bears it, tables with their data among them: every one of them is a promise.
test('the physical names of a stage are these', () => {
  const it = names('dev');

  expect({
    ofStage: [it.workgroup, it.lakeDatabase, it.tilesTable, it.monitoringTable, it.ledgerTable, it.idempotencyTable],
    source: [it.stream('weather_report'), it.delivery('weather_report'), it.lakeTable('weather_report')],
    group: [it.featureGroup('by_origin'), it.featureTable('by_origin')],
    model: [it.endpoint('eta'), it.packageGroup('eta'), it.pipeline('eta'), it.servingRole('eta')],
    alarms: [it.driftAlarm('eta'), it.floorAlarm('eta', 'roc_auc'), it.errorAlarm('eta'), it.latencyAlarm('eta')],
    parameters: [it.parameterRoot, it.championVersionParameter('eta'), it.consumersPath],
    consumer: it.usagePlan('crew_app'),
  }).toEqual({
    ofStage: [
      'slipway-dev-workgroup',
      'slipway_dev_lake',
      'slipway-dev-tiles',
      'slipway-dev-monitoring',
      'slipway-dev-ledger',
      'slipway-dev-idempotency',
    ],
    source: ['slipway-dev-weather-report', 'slipway-dev-weather-report-to-lake', 'weather_report'],
    group: ['slipway-dev-by-origin', 'features_by_origin'],
    model: ['slipway-dev-eta', 'slipway-dev-eta', 'slipway-dev-eta', 'slipway-dev-eta-serving'],
    alarms: ['slipway-dev-eta-drift', 'slipway-dev-eta-roc-auc-floor', 'slipway-dev-eta-errors', 'slipway-dev-eta-latency'],
    parameters: ['/slipway/dev', '/slipway/dev/eta/champion/version', '/slipway/dev/api/consumers'],
    consumer: 'slipway-dev-crew-app',
  });
});

test('the names that other stages share are these', () => {
  expect({ RESOURCE_SERVER, METRIC_NAMESPACE, VARIANT, INFERENCE, ENTITY_FEATURE, EVENT_TIME_FEATURE }).toEqual({
    RESOURCE_SERVER: 'slipway',
    METRIC_NAMESPACE: 'Slipway',
    VARIANT: 'champion',
    INFERENCE: 'inference',
    ENTITY_FEATURE: 'entity',
    EVENT_TIME_FEATURE: 'event_time',
  });
});

test('the keys in the models bucket are these', () => {
  expect([
    MODEL_KEYS.run('eta', 'run-1'),
    MODEL_KEYS.report,
    MODEL_KEYS.profile,
    MODEL_KEYS.versionProfile('eta', '7'),
    MODEL_KEYS.baseline('eta', 'sha256:ab12'),
  ]).toEqual([
    'eta/runs/run-1',
    'report/evaluation.json',
    'report/reference-profile.json',
    'eta/profiles/7.json',
    'eta/v0/ab12/model.tar.gz',
  ]);
});
