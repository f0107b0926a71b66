import { count, type Platform, parsePlatform, string, WIDTHS } from '../../../core/definition';
import { platform } from '../../support/example-platform';

const [source] = platform.sources as [Platform['sources'][number]];
const [group] = platform.featureGroups as [Platform['featureGroups'][number]];

/** A copy of the platform whose first source has as many more columns as bring all sources to a number. */
function withColumns(wanted: number): Platform {
  const given = platform.sources.reduce((sum, { schema }) => sum + Object.keys(schema).length, 0);
  const more = Object.fromEntries(Array.from({ length: wanted - given }, (_, at) => [`more_${at}`, string()]));
  return { ...platform, sources: [{ ...source, schema: { ...source.schema, ...more } }, ...platform.sources.slice(1)] };
}

function withFeatures(wanted: number): Platform {
  const given = platform.featureGroups.reduce((sum, { aggregations }) => sum + Object.keys(aggregations).length, 0);
  const more = Object.fromEntries(Array.from({ length: wanted - given }, (_, at) => [`more_${at}`, count().over('1h')]));
  const wide = { ...group, aggregations: { ...group.aggregations, ...more } };
  return { ...platform, featureGroups: [wide, ...platform.featureGroups.slice(1)] };
}

function mostOf(parts: string): number {
  return WIDTHS.find((it) => it.parts === parts)?.most ?? 0;
}

test('sources have at most so many columns in all', () => {
  const most = mostOf('columns');

  expect(parsePlatform(withColumns(most)).sources).toHaveLength(platform.sources.length);
  expect(() => parsePlatform(withColumns(most + 1))).toThrow(
    `sources: must be at most ${most} columns in all, given ${most + 1}: a template holds 1 MB`,
  );
});

test('feature groups have at most so many features in all', () => {
  const most = mostOf('features');

  expect(parsePlatform(withFeatures(most)).featureGroups).toHaveLength(platform.featureGroups.length);
  expect(() => parsePlatform(withFeatures(most + 1))).toThrow(
    `featureGroups: must be at most ${most} features in all, given ${most + 1}: a template holds 1 MB`,
  );
});

// slipway-prod-<name>-to-lake; Firehose takes 64 characters.
test.each([
  ['prod', 43, []],
  ['prod', 44, ['1']],
  ['product1', 39, []],
  ['product1', 40, ['1']],
])('in stage %s a source of %i characters has a delivery stream that is too long: %j', (stage, length, excess) => {
  const name = 'a'.repeat(length);
  const stages = platform.stages.map((it) => (it.name === 'prod' ? { ...it, name: stage } : it));
  const models = platform.models.map((model) => ({
    ...model,
    training: { ...model.training, instanceTypes: renamed(model.training.instanceTypes, stage) },
    serving: { ...model.serving, fleet: renamed(model.serving.fleet, stage) },
  }));
  const parse = () => parsePlatform({ ...platform, stages, models, sources: [...platform.sources, { ...source, name }] });

  if (excess.length === 0) expect(parse().sources).toHaveLength(platform.sources.length + 1);
  else
    expect(parse).toThrow(
      `sources.${name}.name: must be 1 shorter: its resource 'slipway-${stage}-${name}-to-lake' may have 64 characters`,
    );
});

test('a feature group whose name is too long for SageMaker is refused', () => {
  const name = 'g'.repeat(48);
  const stages = [...platform.stages].map((it) => (it.name === 'prod' ? { ...it, name: 'product1' } : it));

  expect(() => parsePlatform({ ...platform, stages, featureGroups: [...platform.featureGroups, { ...group, name }] })).toThrow(
    `featureGroups.${name}.name: must be 1 shorter: its resource 'slipway-product1-${name}' may have 64 characters`,
  );
});

test("no source may take the inference log's name", () => {
  expect(() => parsePlatform({ ...platform, sources: [...platform.sources, { ...source, name: 'inference' }] })).toThrow(
    'sources.inference.name: is a reserved name: the log of predictions and outcomes has it',
  );
});

function renamed<T>(table: Readonly<Record<string, T>>, stage: string): Record<string, T> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name === 'prod' ? stage : name, value]));
}
