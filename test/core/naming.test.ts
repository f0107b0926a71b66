import { names } from '../../core/naming';
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
