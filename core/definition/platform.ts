import * as z from 'zod';
import { DEFAULT_ISSUERS, type IssuerDefinition, issuerSchema } from '../issuers';
import { type Consumer, consumerSchema } from './consumer';
import { type FeatureGroup, featureGroupSchema } from './feature-group';
import { resourceName } from './identifier';
import { type Model, modelSchema } from './model';
import { type Source, sourceSchema } from './source';
import { type Stage, stageSchema } from './stage';

export const platformSchema = z.strictObject({
  name: resourceName,
  sources: z.array(sourceSchema).min(1),
  featureGroups: z.array(featureGroupSchema),
  models: z.array(modelSchema),
  issuers: z.array(issuerSchema).min(1).default(DEFAULT_ISSUERS),
  consumers: z.array(consumerSchema),
  stages: z.array(stageSchema).min(1),
});

/** A checked platform: plain data, safe to serialize. */
export type Platform = z.infer<typeof platformSchema>;

export function findModel(platform: Platform, name: string): Model | undefined {
  return platform.models.find((model) => model.name === name);
}

export function findSource(platform: Platform, name: string): Source | undefined {
  return platform.sources.find((source) => source.name === name);
}

export function findFeatureGroup(platform: Platform, name: string): FeatureGroup | undefined {
  return platform.featureGroups.find((group) => group.name === name);
}

export function findConsumer(platform: Platform, name: string): Consumer | undefined {
  return platform.consumers.find((consumer) => consumer.name === name);
}

export function findStage(platform: Platform, name: string): Stage | undefined {
  return platform.stages.find((stage) => stage.name === name);
}

/** The issuer of a consumer's tokens: the one it names, or the first. Throws RangeError when there is none of the name. */
export function issuerOf({ issuers }: Platform, { issuer }: Consumer): IssuerDefinition {
  const found = issuer === undefined ? issuers[0] : issuers.find(({ name }) => name === issuer);
  if (found === undefined) throw new RangeError(`unknown issuer ${issuer}`);
  return found;
}

/** The feature groups that a model reads, each once, in the order of first use. */
export function groupsOf(platform: Platform, model: Model): FeatureGroup[] {
  const names = [...new Set(model.features.map((feature) => feature.group))];
  return names.flatMap((name) => findFeatureGroup(platform, name) ?? []);
}
