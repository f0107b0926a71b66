import { type Model, type Platform, parsePlatform } from '../../core/definition';

/**
 * A platform with each model, source, feature group and consumer `count` times: the first under its own name, the others numbered. A clone
 * of a model reads the clones of its groups, which are fed by the clones of their sources.
 */
export function clonesOf(platform: Platform, count: number): Platform {
  const each = <T>(make: (suffix: Suffix) => readonly T[]): T[] =>
    Array.from({ length: count }, (_, at) => make(new Suffix(at))).flat();
  return parsePlatform({
    ...platform,
    sources: each((it) => platform.sources.map((source) => ({ ...source, name: it.snake(source.name) }))),
    featureGroups: each((it) =>
      platform.featureGroups.map((group) => ({ ...group, name: it.snake(group.name), source: it.snake(group.source) })),
    ),
    models: each((it) => platform.models.map((model) => cloneOf(model, it))),
    consumers: each((it) =>
      platform.consumers.map((consumer) => ({
        ...consumer,
        name: it.kebab(consumer.name),
        models: consumer.models.map((name) => it.kebab(name)),
      })),
    ),
  });
}

class Suffix {
  constructor(private readonly at: number) {}

  snake(name: string): string {
    return this.at === 0 ? name : `${name}_${this.at}`;
  }

  kebab(name: string): string {
    return this.at === 0 ? name : `${name}-${this.at}`;
  }
}

function cloneOf(model: Model, suffix: Suffix): Model {
  const renamed = (input: string): string => {
    const [group, feature] = input.split('__');
    return feature === undefined || group === undefined ? input : `${suffix.snake(group)}__${feature}`;
  };
  const { drift } = model.monitoring;
  return {
    ...model,
    name: suffix.kebab(model.name),
    spine: { ...model.spine, source: suffix.snake(model.spine.source) },
    label: { ...model.label, source: suffix.snake(model.label.source) },
    features: model.features.map((feature) => ({ ...feature, group: suffix.snake(feature.group) })),
    monitoring: {
      ...model.monitoring,
      drift: {
        ...drift,
        inputs: Object.fromEntries(Object.entries(drift.inputs).map(([name, limits]) => [renamed(name), limits])),
      },
    },
  };
}
